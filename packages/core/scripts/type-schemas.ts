import ts from 'typescript-5'

/** A JSON Schema, draft 7. */
export type JsonSchema = { [key: string]: unknown }

/** Describes TypeScript types as JSON Schemas of what `JSON.stringify` makes of their values. */
export type TypeSchemas = {
  of(type: ts.Type): JsonSchema
  /** The schemas of the lines of JSON that a value can be; the first line has a version. */
  lines(type: ts.Type): JsonSchema[]
  /** Definitions of the named types that `of` refers to. */
  shared(): Record<string, JsonSchema>
}

const PRIMITIVES: readonly (readonly [ts.TypeFlags, JsonSchema])[] = [
  [ts.TypeFlags.Null, { type: 'null' }],
  [ts.TypeFlags.StringLike, { type: 'string' }],
  [ts.TypeFlags.NumberLike, { type: 'number' }],
  [ts.TypeFlags.BooleanLike, { type: 'boolean' }],
]

/** Creates a converter. It rejects an object as soon as it has a property that its type lacks. */
export function createTypeSchemas(checker: ts.TypeChecker): TypeSchemas {
  const names = new Map<ts.Type, string>()
  const defs: Record<string, JsonSchema> = {}

  const of = (type: ts.Type): JsonSchema => {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {}
    if (type.isLiteral()) return { const: type.value }
    if (type.flags & ts.TypeFlags.BooleanLiteral) {
      return { const: checker.typeToString(type) === 'true' }
    }
    if (type.isUnion()) return type.aliasSymbol === undefined ? union(type.types) : named(type)
    const primitive = PRIMITIVES.find(([flags]) => type.flags & flags)
    if (primitive !== undefined) return primitive[1]
    return named(type)
  }

  const union = (types: readonly ts.Type[]): JsonSchema => {
    const members = types.filter((type) => !isAbsent(type)).map(of)
    const unique = [...new Set(members.map((member) => JSON.stringify(member)))]
    const schemas = unique.map((text) => JSON.parse(text) as JsonSchema)
    if (schemas.length === 1) return schemas[0]!
    if (unique.every((text) => /^\{"const":(true|false)\}$/.test(text))) return { type: 'boolean' }
    return schemas.every((schema) => 'const' in schema)
      ? { enum: schemas.map((schema) => schema['const']) }
      : { anyOf: schemas }
  }

  /** Names of types end in a number if several have the same. */
  const named = (type: ts.Type): JsonSchema => {
    const name = type.aliasSymbol?.name
    if (name === undefined || (type.aliasTypeArguments?.length ?? 0) > 0) return structure(type)
    let known = names.get(type)
    if (known === undefined) {
      known = name
      for (let index = 2; known in defs; index++) known = `${name}${index}`
      names.set(type, known)
      defs[known] = {}
      defs[known] = structure(type)
    }
    return { $ref: `#/$defs/${known}` }
  }

  const structure = (type: ts.Type): JsonSchema => {
    if (type.isUnion()) return union(type.types)
    if (checker.isArrayType(type) || checker.isTupleType(type)) return array(type)
    const toJson = type.getProperty('toJSON')
    if (toJson !== undefined) {
      const [call] = checker.getTypeOfSymbol(toJson).getCallSignatures()
      return call === undefined ? {} : of(call.getReturnType())
    }
    return object(type)
  }

  const array = (type: ts.Type): JsonSchema => {
    const items = checker.getTypeArguments(type as ts.TypeReference)
    if (!checker.isTupleType(type)) return { type: 'array', items: of(items[0]!) }
    return { type: 'array', items: union(items) }
  }

  const object = (type: ts.Type): JsonSchema => {
    const properties: Record<string, JsonSchema> = {}
    const required: string[] = []
    for (const property of checker.getPropertiesOfType(type)) {
      const own = checker.getTypeOfSymbol(property)
      const parts = own.isUnion() ? own.types : [own]
      const kept = parts.filter((part) => !isAbsent(part))
      if (kept.length === 0) continue
      properties[property.name] = of(own)
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0
      if (!isOptional && kept.length === parts.length) required.push(property.name)
    }
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String)
    return {
      type: 'object',
      properties,
      required,
      additionalProperties: index === undefined ? false : of(index),
    }
  }

  const lines = (type: ts.Type): JsonSchema[] =>
    type.isUnion()
      ? type.types.flatMap(lines)
      : [
          ((schema) => ({
            ...schema,
            properties: { ...(schema['properties'] as object), version: { const: 1 } },
          }))(structure(type)),
        ]

  return { of, lines, shared: () => defs }
}

/** Returns whether `JSON.stringify` leaves out a property of this type. */
function isAbsent(type: ts.Type): boolean {
  return (
    (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0 ||
    type.getCallSignatures().length > 0
  )
}
