import type { AzureClientOptions, ClientOptions, OpenAI } from 'openai'
import type { OpenAISdk } from './client.ts'

/** Default of `apiVersion`: the newest version in Azure's own examples for images. */
const API_VERSION = '2025-04-01-preview'

/** Whether a base URL is Azure's newer route, `…/openai/v1`, which OpenAI's own client can call. */
export function isV1Route(baseURL: string): boolean {
  return /\/openai\/v1\/?$/.test(baseURL)
}

/**
 * Creates Azure's client, with the deployment in the path, `api-version` and an `api-key` header.
 *
 * @param sdk the loaded `openai` package
 * @param azure `baseURL` of the resource, with or without a trailing `/openai`; `apiVersion`,
 *   `null` for the default
 */
export function createAzureClient(
  sdk: OpenAISdk,
  options: ClientOptions,
  azure: { baseURL: string; apiVersion: string | null },
): OpenAI {
  const resource = azure.baseURL.replace(/\/+$/, '').replace(/\/openai$/, '')
  return new sdk.AzureOpenAI({
    ...(options as AzureClientOptions),
    baseURL: `${resource}/openai`,
    apiVersion: azure.apiVersion ?? API_VERSION,
  })
}
