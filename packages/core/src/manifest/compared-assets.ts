import type { Expectations } from './expectations.ts'

/** Lists the names of the assets whose pictures an expectation compares a picture with, sorted. */
export function comparedAssets(expect: Expectations | null): string[] {
  if (expect === null) return []
  return [...new Set([...(expect.unlike ?? []), ...(expect.like ?? [])])].sort()
}
