/** The manifest that the playground starts with. */
export const firstManifest = `# Change a prompt: the plan and the pictures follow.
version: 1
provider: openai
defaults:
  quality: medium
styles:
  house:
    append: Flat vector illustration, soft morning light.
    avoid: text, watermark
assets:
  hero:
    prompt: A white lighthouse on a cliff above a calm sea at sunrise
    alt: A white lighthouse on a cliff at sunrise
    style: house
    outputs: [hero, og]
  product/mug:
    prompt: A {{color}} ceramic mug on a wooden table
    alt: A {{color}} mug on a table
    style: house
    matrix: { color: [red, blue] }
    outputs: [card]
  team/ada:
    prompt: Portrait of a woman with round glasses
    alt: A woman with round glasses
    style: house
    outputs: [avatar]
`
