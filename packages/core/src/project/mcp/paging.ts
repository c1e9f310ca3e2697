import { z } from 'zod'

/** Items of one page by default, and at most. */
const PAGE = 50
const MAX_PAGE = 100

/** The part of an input schema that selects a page. */
export const pageInput: { offset: z.ZodDefault<z.ZodInt>; limit: z.ZodDefault<z.ZodInt> } = {
  offset: z.int().min(0).max(1_000_000).default(0).describe('Number of items to skip.'),
  limit: z.int().min(1).max(MAX_PAGE).default(PAGE).describe('Most items to return.'),
}

/** The part of an output schema that describes a page. */
export const pageOutput: { total: z.ZodInt; next: z.ZodNullable<z.ZodInt> } = {
  total: z.int().describe('Number of items on all pages.'),
  next: z.int().nullable().describe('The offset of the next page; null if this is the last one.'),
}

/** Returns a page of a list. */
export function takePage<T>(
  items: readonly T[],
  { offset, limit }: { offset: number; limit: number },
): { page: T[]; total: number; next: number | null } {
  const end = offset + limit
  return {
    page: items.slice(offset, end),
    total: items.length,
    next: end < items.length ? end : null,
  }
}
