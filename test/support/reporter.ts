import type { Reporter, TestModule } from 'vitest/node';

/** An error that no test caught. */
interface Stray {
  readonly message: string;
  /** The file that ran. */
  readonly VITEST_TEST_PATH?: string;
}

/**
 * Ends a run with one plain line that any tool can read. Under CI a skipped test counts as a failure. Errors that no test caught do,
 * too, but for those of a file with a first try that failed: that went before it awaited what it had begun, and the second try tells.
 */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly Stray[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    const skipped = new Set<string>();
    const triedTwice = new Set<string>();
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      if (module.state() === 'failed' && tests.length === 0) count.failed += 1;
      for (const test of tests) {
        const { state, errors: earlier = [] } = test.result();
        if (test.diagnostic()?.flaky === true) {
          triedTwice.add(module.moduleId);
          console.log(`passed at the second try: ${module.relativeModuleId}: ${test.fullName}`);
          for (const { message, stacks = [] } of earlier) {
            const lines = stacks.map(({ file, line }) => `${file.split('/').at(-1) ?? file}:${line}`);
            console.log(`  at first: ${message} (${lines.join(', ')})`);
          }
        }
        if (state === 'passed') count.passed += 1;
        else if (state === 'failed') count.failed += 1;
        else {
          count.skipped += 1;
          skipped.add(`${module.relativeModuleId}: ${test.fullName.split(' > ')[0]}`);
        }
      }
    }
    for (const { message, VITEST_TEST_PATH: path = '' } of errors) {
      if (triedTwice.has(path)) console.log(`left behind by a first try in ${path.split('/').at(-1)}: ${message}`);
      else count.failed += 1;
    }
    if (count.failed > 0) process.exitCode = 1;
    for (const suite of skipped) console.log(`not run: ${suite}`);
    if (process.env['CI'] === 'true' && count.skipped > 0) {
      console.error(`${count.skipped} tests were skipped: under CI=true that is a failure`);
      process.exitCode = 1;
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
