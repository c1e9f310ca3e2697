import { defineConfig } from 'vitest/config'

const isCI = process.env['CI'] !== undefined

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '*.test.ts',
            'packages/*/src/**/*.test.ts',
            'fixtures/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
        },
      },
      // Processes, file watchers and browsers: a machine that is shared can stall one for longer than any wait. What fails twice is broken.
      { extends: true, test: { name: 'e2e', include: ['packages/*/e2e/**/*.test.ts'], retry: 1 } },
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Browsers and encoders share two cores at worst: more files at a time only wait for each other.
    maxWorkers: 2,
    // What the tests stand on must not depend on where they run.
    env: { CI: '' },
    reporters: isCI
      ? ['default', ['json', { outputFile: 'node_modules/.cache/test-report.json' }]]
      : ['default'],
  },
})
