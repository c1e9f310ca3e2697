import { PROTOCOL } from './command-request.ts'

type JsonSchema = Readonly<Record<string, unknown>>

const text = (description: string): JsonSchema => ({ type: 'string', description })
const pixels = (description: string): JsonSchema => ({ type: 'integer', minimum: 1, description })
const anyObject = (description: string): JsonSchema => ({ type: 'object', description })
const oneOf = (values: readonly string[], description: string): JsonSchema => ({
  enum: values,
  description,
})

const properties = {
  protocol: { const: PROTOCOL, description: 'Version of the protocol.' },
  folder: text('The empty folder that the program writes its pictures to. Absolute.'),
  operation: oneOf(
    ['generate', 'edit', 'variation'],
    'Whether the picture is new, or changes or varies the first input.',
  ),
  prompt: text('The final prompt, with styles applied.'),
  model: text('The model of the manifest, or the name that `as` gives it.'),
  width: pixels('Width of the picture, px.'),
  height: pixels('Height of the picture, px.'),
  count: pixels('Number of pictures.'),
  quality: text('Quality of the manifest; auto by default.'),
  background: oneOf(['auto', 'opaque', 'transparent'], 'Background of the picture.'),
  format: oneOf(['png', 'webp', 'jpeg', 'gif', 'svg'], 'File format of the picture.'),
  inputs: {
    type: 'array',
    description: 'Pictures to start from, in order.',
    items: {
      type: 'object',
      required: ['role', 'path'],
      properties: {
        role: oneOf(['image', 'mask', 'markup', 'reference'], 'What the picture is for.'),
        path: text('Absolute path of the file.'),
      },
    },
  },
  settings: anyObject('Further settings of the asset, such as compression.'),
  body: anyObject("`body` of the provider's entry."),
}

/** The JSON Schema of what a program reads: see `CommandRequest`. It allows further properties. */
export const commandRequestSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'The request that a command of Limn reads from standard input',
  type: 'object',
  required: Object.keys(properties),
  properties,
}
