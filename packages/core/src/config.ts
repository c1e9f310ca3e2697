/**
 * What `limn.config.ts` exports by default. It stands beside the manifest and is loaded only where
 * a picture has to be asked for.
 */
export type LimnConfig = {
  /** Image models of the AI SDK, by the name that `model` in the manifest gives them. */
  imageModels?: Readonly<Record<string, SdkImageModel>>
}

/** An image model of the AI SDK (`fal.image('…')`), or its id at the AI gateway. */
export type SdkImageModel =
  | string
  | { readonly specificationVersion: string; readonly provider: string; readonly modelId: string }

/**
 * Gives a config its types: `export default defineConfig({ imageModels: { flux: fal.image('…') }
 * })`.
 */
export function defineConfig(config: LimnConfig): LimnConfig {
  return config
}
