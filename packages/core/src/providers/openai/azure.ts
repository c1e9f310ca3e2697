import type { AzureClientOptions, ClientOptions, OpenAI } from 'openai'

/** Asked where the manifest names no `apiVersion`: the newest that Azure's own image examples use. */
const API_VERSION = '2025-04-01-preview'

/** Whether a base URL is of Azure's newer route, which takes OpenAI's own client: `…/openai/v1`. */
export function isV1Route(baseURL: string): boolean {
  return /\/openai\/v1\/?$/.test(baseURL)
}

/**
 * Azure's client, with the deployment in the path, `api-version` and an `api-key` header.
 *
 * @param baseURL of the resource, with or without `/openai` at its end
 */
export function createAzureClient(
  sdk: typeof import('openai'),
  options: ClientOptions,
  { baseURL, apiVersion }: { baseURL: string; apiVersion: string | null },
): OpenAI {
  const resource = baseURL.replace(/\/+$/, '').replace(/\/openai$/, '')
  return new sdk.AzureOpenAI({
    ...(options as AzureClientOptions),
    baseURL: `${resource}/openai`,
    apiVersion: apiVersion ?? API_VERSION,
  })
}
