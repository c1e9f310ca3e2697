/** The scope of the packages if npm gives `@limn` to somebody else. */
export const fallbackScope = '@limn-images'

/**
 * What the registry says about a name: nobody published it, Limn did, somebody else did, or the
 * registry gave no answer.
 */
export type NameState = 'free' | 'own' | 'taken' | 'unknown'

/** What `npm view NAME --json` printed. */
export type ViewedName = { status: number | null; stdout: string }

/**
 * Reads the state of a name. A published package is Limn's own if it has the description that its
 * package.json has in this repo, in any version.
 */
export function stateOfName({ status, stdout }: ViewedName, description: string): NameState {
  const answer = parse(stdout)
  if (answer?.error !== undefined) return answer.error.code === 'E404' ? 'free' : 'unknown'
  if (status !== 0 || answer === undefined) return 'unknown'
  return answer.description === description ? 'own' : 'taken'
}

type Answer = { description?: string; error?: { code?: string } }

function parse(text: string): Answer | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** Says whether the packages can be published under their names, one sentence per line. */
export function adviseOnNames(stateByName: ReadonlyMap<string, NameState>): {
  lines: string[]
  canPublish: boolean
} {
  const named = (state: NameState): string[] =>
    [...stateByName].filter(([, other]) => other === state).map(([name]) => name)
  const sentences: Readonly<Record<NameState, string>> = {
    free: 'is not on npm',
    own: 'is on npm, and Limn published it',
    taken: 'belongs to somebody else',
    unknown: 'could not be looked up',
  }
  const lines = [...stateByName].map(([name, state]) => `${name} ${sentences[state]}.`)
  if (named('taken').length > 0) {
    lines.push(`Publish all packages in the scope ${fallbackScope} instead.`)
  } else if (named('unknown').length > 0) lines.push('Run this again when the registry answers.')
  return { lines, canPublish: named('taken').length === 0 && named('unknown').length === 0 }
}
