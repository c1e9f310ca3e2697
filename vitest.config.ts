import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './scripts/slowest-first.ts'

const isCI = process.env['CI'] !== undefined
const jsonReport: [string, Record<string, unknown>] = [
  'json',
  { outputFile: 'node_modules/.cache/test-report.json' },
]

/** End-to-end tests that replace functions of Node, or use Vite, which keeps state in its process. */
const isolated = [
  'packages/vite-plugin/e2e/*.test.ts',
  ...['avif-bomb', 'crash-model', 'disk-faults', 'endless-svg', 'single-writer'].map(
    (name) => `packages/core/e2e/**/${name}.test.ts`,
  ),
]
// End-to-end tests start processes, file watchers and browsers. A shared machine can stall one of
// them for longer than any reasonable timeout, so each test gets a second attempt. The flaky
// reporter lists the tests that needed it.
const endToEnd = { retry: 1, expect: { poll: { timeout: 20_000 } } }

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '*.test.ts',
            'scripts/**/*.test.ts',
            'packages/*/src/**/*.test.ts',
            'docs/.vitepress/**/*.test.ts',
            'fixtures/**/*.test.ts',
            'examples/*/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', '**/e2e/**', '**/*.slow.test.ts'],
        },
      },
      // Unit tests that take longer than two seconds: `test:unit` is for feedback while you work.
      { extends: true, test: { name: 'slow', include: ['**/*.slow.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['**/e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...isolated],
          ...endToEnd,
        },
      },
      {
        extends: true,
        test: { name: 'e2e-isolated', include: isolated, isolate: true, ...endToEnd },
      },
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Files share processes: one for each would load the same modules three hundred times.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Browsers and encoders may share two cores: more test files at a time only wait for each other.
    maxWorkers: 2,
    // Tests must not depend on whether they run in CI.
    // Nor on the package manager that runs them, which messages name.
    // Nor write into the home of the user.
    env: {
      CI: '',
      npm_config_user_agent: '',
      XDG_STATE_HOME: join(tmpdir(), `limn-test-state-${process.pid}`),
    },
    reporters: ['default', './scripts/flaky-reporter.ts', ...(isCI ? [jsonReport] : [])],
  },
})
