import type { Environment } from 'vite'

/** What each environment was last given for a picture module, so that only what changed is updated. */
const codeByIdByEnvironment = new WeakMap<Environment, Map<string, string>>()

/** Remembers the code that an environment was given. */
export function rememberModule(environment: Environment, id: string, code: string): void {
  modulesOf(environment).set(id, code)
}

/** The picture modules that an environment was given, with their code. */
export function modulesOf(environment: Environment): Map<string, string> {
  let codeById = codeByIdByEnvironment.get(environment)
  if (codeById === undefined) codeByIdByEnvironment.set(environment, (codeById = new Map()))
  return codeById
}
