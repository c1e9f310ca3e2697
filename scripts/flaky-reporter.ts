import type { Reporter, TestModule } from 'vitest/node'

/** Lists, after a run, every test that passed only on a second attempt. */
export default class FlakyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky === true)
        .map((test) => `  ${module.relativeModuleId} > ${test.fullName}`),
    )
    const summary =
      flaky.length === 0
        ? 'Every test that passed did so on its first attempt.'
        : `Passed only on a second attempt (${flaky.length}):\n${flaky.join('\n')}`
    process.stdout.write(`\n${summary}\n`)
  }
}
