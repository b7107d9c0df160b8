import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first: at the end it would run alone. */
const long = [
  'test/proofs.test.ts',
  'test/cli/registries.test.ts',
  'test/cli/transports.test.ts',
  'test/inputs/xmpp/account/cuts.test.ts',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((each) => moduleId.endsWith(each));
      return at < 0 ? long.length : at;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 3,
    // In CI two cores carry real servers and three files at a time. What needed it is named at the end of the run.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongFirst },
    reporters: ['default', './test/support/reporter.ts'],
  },
});
