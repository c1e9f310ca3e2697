import type { Context } from '../context.ts'
import type { DevGenerator } from './generator.ts'

/**
 * Returns the generator of a context's server. Loads the generator's code on the first call, so
 * that the server is ready before.
 */
export type GeneratorOf = (context: Context) => Promise<DevGenerator>

/** Creates the lookup for the servers of one `limn()`. */
export function createGeneratorPerServer(): GeneratorOf {
  const generatorByContext = new WeakMap<Context, Promise<DevGenerator>>()
  return (context) => {
    const known = generatorByContext.get(context)
    if (known !== undefined) return known
    const generator = import('./generator.ts').then(({ createDevGenerator }) =>
      createDevGenerator(context),
    )
    generatorByContext.set(context, generator)
    // Loading can fail while packages are being installed: the next call tries again.
    generator.catch(() => generatorByContext.delete(context))
    return generator
  }
}
