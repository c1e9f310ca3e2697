import { defineConfig } from 'vitest/config'

const isCI = process.env['CI'] !== undefined

export default defineConfig({
  test: {
    include: ['packages/*/{src,e2e}/**/*.test.ts', 'fixtures/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Browsers and encoders share two cores at worst: more files at a time only wait for each other.
    maxWorkers: 2,
    // What the tests stand on must not depend on where they run.
    env: { CI: '' },
    reporters: isCI ? ['default', ['json', { outputFile: 'node_modules/.cache/test-report.json' }]] : ['default'],
  },
})
