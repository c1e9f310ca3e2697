import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeOldNode, MINIMUM_NODE } from './node-version.ts'

describe('describeOldNode', () => {
  test.each(['16.20.2', '18.20.8', '20.19.0', '21.7.3', '22.9.0', '22.21.1', '8.0.0'])(
    'names the required version for Node %s',
    (version) => {
      expect(describeOldNode(version)).toBe(
        `Limn requires Node 22.22 or later; this is Node ${version}.`,
      )
    },
  )

  test.each(['22.22.0', '22.100.0', '23.0.0', '24.21.0', '26.10.0', '100.0.0-nightly'])(
    'accepts Node %s',
    (version) => {
      expect(describeOldNode(version)).toBeUndefined()
    },
  )

  test.each(['core', 'vite-plugin', 'painter'])('agrees with the engines of %s', (name) => {
    const file = new URL(`../../${name}/package.json`, import.meta.url)
    const content = JSON.parse(readFileSync(file, 'utf8')) as { engines?: { node: string } }
    expect(content.engines?.node).toBe(`>=${MINIMUM_NODE}`)
  })
})
