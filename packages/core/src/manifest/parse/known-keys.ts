import type { z } from 'zod'
import type { Path } from './path.ts'
import { manifestSchema } from './schema.ts'

/** The part of a schema's definition that leads to the schemas inside it. */
type Definition = {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly options?: readonly z.core.$ZodType[]
  readonly element?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
}

/** Returns the keys that a map at a path can have; empty where any name is a key. */
export function knownKeysAt(path: Path): string[] {
  let found = alternatives(manifestSchema)
  for (const step of path) found = found.flatMap((definition) => inside(definition, step))
  return [...new Set(found.flatMap(({ shape = {} }) => Object.keys(shape)))]
}

/** Returns the definitions that a value may fulfil: all options of a union, or the schema's own. */
function alternatives(schema: z.core.$ZodType): Definition[] {
  const definition = (schema as z.ZodType).def as unknown as Definition
  const { options, innerType } = definition
  if (innerType !== undefined) return alternatives(innerType)
  return options === undefined ? [definition] : options.flatMap(alternatives)
}

/** Returns the definitions of what is below a key, or at an index, of a value. */
function inside({ shape, element, valueType }: Definition, step: Path[number]): Definition[] {
  if (typeof step === 'number') return element === undefined ? [] : alternatives(element)
  const known = shape !== undefined && Object.hasOwn(shape, step) ? shape[step] : undefined
  const schema = known ?? valueType
  return schema === undefined ? [] : alternatives(schema)
}
