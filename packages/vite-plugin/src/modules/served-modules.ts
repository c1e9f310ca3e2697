import type { Environment } from 'vite'
import type { Context } from '../context.ts'

/**
 * Returns the code that an environment was last given for each image module, by module id. Updates
 * are limited to the modules whose code differs from it.
 */
export function servedModules({ dev }: Context, environment: Environment): Map<string, string> {
  const known = dev.codeByIdByEnvironment.get(environment)
  if (known !== undefined) return known
  const codeById = new Map<string, string>()
  dev.codeByIdByEnvironment.set(environment, codeById)
  return codeById
}
