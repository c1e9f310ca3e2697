import type { z } from 'zod'

/**
 * The fields of a schema whose value is `T`. `{ … } satisfies ShapeOf<T>` makes the compiler check
 * that the schema has every key of the type and no other, each with a value that fits.
 */
export type ShapeOf<T> = { [Key in keyof T]-?: z.ZodType<T[Key]> }
