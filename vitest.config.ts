import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first: at the end it would run alone. In the order of how long each took. */
const long = [
  'test/proofs.test.ts',
  'test/cli/registries.test.ts',
  'test/inputs/xmpp/account/cuts.test.ts',
  'test/inputs/xmpp/account/login.test.ts',
  'test/discovery/etcd/faults.test.ts',
  'test/stories/control-approvals.test.ts',
  'test/runtime/broker/rabbitmq.test.ts',
  'test/interop/matrix.test.ts',
  'test/cli/transports.test.ts',
  'test/inputs/xmpp/reach.test.ts',
  'test/inputs/xmpp/rooms/outages.test.ts',
  'test/inputs/xmpp/rooms/servers.test.ts',
  'test/inputs/xmpp/say/answer.test.ts',
  'test/cli/commands.test.ts',
  'test/stories/registry.test.ts',
  'test/cli/help.test.ts',
  'test/cli/bot.test.ts',
  'test/examples/start.test.ts',
  'test/docs/exports.test.ts',
  'test/inputs/hipchat/prosody.test.ts',
  'test/inputs/slack/render/hostile.test.ts',
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

const ci = process.env['CI'] === 'true';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    globalSetup: ['test/support/build.ts'],
    pool: 'threads',
    isolate: false,
    maxWorkers: 3,
    // What is built is what people get: Node itself loads it.
    server: { deps: { external: [/\/dist\//] } },
    // The second run of CI takes over what the first one has read.
    experimental: { fsModuleCache: ci },
    // In CI two cores carry real servers and three files at a time. What needed it is named at the end of the run.
    retry: ci ? 1 : 0,
    // More than `until` waits: it says for what. A machine with other work to do takes three times as long.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongFirst },
    // The reporter counts them: it knows which a first try left behind.
    dangerouslyIgnoreUnhandledErrors: true,
    reporters: ['default', './test/support/reporter.ts'],
  },
});
