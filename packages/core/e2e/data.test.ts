import { describe, expect, test } from 'vitest'
import { createTestProject } from './test-project.ts'

const csv = `slug,title,color
mug,A mug,red
cup,"A cup, ""large""",blue
`

const shop = `version: 1
provider: openai
assets:
  product:
    matrix: { from: ./products.csv }
    prompt: "{{title}} in {{color}}"
    alt: "{{title}}"
    outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]
`

describe('rows of a CSV file', () => {
  test('become assets with names of their own', async () => {
    const { plan, generate, write, project } = await createTestProject({
      files: { 'images.yaml': shop, 'products.csv': csv },
      server: true,
    })
    expect((await plan()).steps.map(({ asset }) => asset)).toEqual(['product/cup', 'product/mug'])
    const { requested } = await generate()
    expect(requested).toEqual(['A cup, "large" in blue', 'A mug in red'])
  })
})
