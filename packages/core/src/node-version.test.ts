import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeOldNode, describeUnusableNode, MINIMUM_NODE } from './node-version.ts'

test.each([
  ['22.22.0', '3', "Limn can't run under Yarn's Plug'n'Play"],
  ['26.10.0', '1', 'Run `yarn config set nodeLinker node-modules`, then `yarn install`.'],
  ['20.19.0', undefined, 'Limn requires Node 22.22 or later; this is Node 20.19.0.'],
])("describes what is wrong with Node %s and Plug'n'Play %s", (node, pnp, expected) => {
  expect(describeUnusableNode({ node, pnp })).toContain(expected)
})

test("accepts Node without Plug'n'Play", () => {
  expect(describeUnusableNode({ node: '22.22.0' })).toBeUndefined()
})

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
