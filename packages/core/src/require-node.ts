import { describeUnusableNode } from './node-version.ts'

/*
 * Imported first by the packages' entry points: modules are evaluated in the order of their imports,
 * so an old Node and Plug'n'Play fail here, with a sentence instead of a stack.
 */
// oxlint-disable-next-line no-restricted-globals -- a property of the program, not of its surroundings
const problem = describeUnusableNode(process.versions)
if (problem !== undefined) {
  const error = new Error(problem)
  error.stack = problem
  throw error
}
