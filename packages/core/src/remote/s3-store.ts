import type * as Sdk from '@aws-sdk/client-s3'
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { isErrno, LimnError } from '../errors.ts'
import { isObject } from '../is-object.ts'
import { isProxyVariable, type ProviderEnvironment } from '../providers/environment.ts'
import { codeText, denied, statusError, unreachable } from './remote-errors.ts'
import type { RemoteObject, RemoteOptions, RemoteStore } from './remote-store.ts'

/** A bucket of S3, or of a compatible service, that is a store. */
export type S3Options = {
  bucket: string
  /** Empty, or ends with `/`. */
  prefix: string
  /** Server of a compatible service; `null` for the one of the environment, or AWS. */
  endpoint: string | null
  region: string | null
  pathStyle: boolean | null
  /** Variables of the process, with the user's proxies. Default: none. */
  env?: ProviderEnvironment
  /** Credentials. Default: the chain of the AWS SDK. */
  credentials?: S3ClientConfig['credentials']
}

/** What is sent through, and how messages name it. */
type Bucket = { sdk: typeof Sdk; client: S3Client; bucket: string; prefix: string; name: string }

/**
 * Creates the store of a bucket. Loads the AWS SDK, an optional peer dependency.
 *
 * @throws LimnError `remote/invalid` if the SDK is not installed
 */
export async function createS3Store(options: S3Options): Promise<RemoteStore> {
  const sdk = await loadSdk()
  const { bucket, prefix } = options
  const name = `s3://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
  const client = new sdk.S3Client(await configOf(options))
  const opened: Bucket = { sdk, client, bucket, prefix, name }
  return {
    name,
    canList: true,
    get: (key, read) => get(opened, key, read),
    putIfAbsent: (key, bytes, write) => putIfAbsent(opened, key, bytes, write),
    head: (key, read) => head(opened, key, read),
    list: (below, read) => list(opened, below, read),
    async delete(key, { signal } = {}) {
      await client
        .send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: prefix + key }), abortable(signal))
        .catch((error: unknown) => {
          if (statusOf(error) !== 404) throw toRemoteError(error, name)
        })
    },
  }
}

async function loadSdk(): Promise<typeof Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (error) {
    if (!isErrno(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new LimnError(
      'remote/invalid',
      'The remote store needs the package @aws-sdk/client-s3.',
      { hint: 'Install it with `npm install -D @aws-sdk/client-s3`.', cause: error },
    )
  }
}

async function configOf({
  endpoint,
  region,
  pathStyle,
  credentials,
  env = {},
}: S3Options): Promise<S3ClientConfig> {
  const isProxied = Object.keys(env).some(isProxyVariable)
  const hasEndpoint = endpoint !== null
  return {
    maxAttempts: 2,
    requestHandler: isProxied
      ? (await import('./fetch-handler.ts')).createFetchHandler(env)
      : { connectionTimeout: 5000 },
    forcePathStyle: pathStyle ?? hasEndpoint,
    // Services that are compatible with S3 reject checksums that they do not know.
    ...(hasEndpoint
      ? {
          endpoint,
          requestChecksumCalculation: 'WHEN_REQUIRED' as const,
          responseChecksumValidation: 'WHEN_REQUIRED' as const,
        }
      : {}),
    ...(region !== null ? { region } : hasEndpoint ? { region: 'auto' } : {}),
    ...(credentials === undefined ? {} : { credentials }),
  }
}

async function get(
  { sdk, client, bucket, prefix, name }: Bucket,
  key: string,
  { maxBytes, signal }: RemoteOptions & { maxBytes: number },
): Promise<Uint8Array | undefined> {
  try {
    const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: prefix + key })
    const { Body: body } = await client.send(command, abortable(signal))
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      length += chunk.length
      // Leaving the loop closes the connection.
      if (length >= maxBytes) break
    }
    return Buffer.concat(chunks).subarray(0, maxBytes)
  } catch (error) {
    if (statusOf(error) === 404 && !isMissingBucket(error)) return undefined
    throw toRemoteError(error, name)
  }
}

async function putIfAbsent(
  { sdk, client, bucket, prefix, name }: Bucket,
  key: string,
  bytes: Uint8Array,
  { signal }: RemoteOptions = {},
): Promise<boolean> {
  try {
    const command = new sdk.PutObjectCommand({
      Bucket: bucket,
      Key: prefix + key,
      Body: bytes,
      ContentLength: bytes.length,
      IfNoneMatch: '*',
    })
    await client.send(command, abortable(signal))
    return true
  } catch (error) {
    // 409: another put of the same object was faster, or is under way.
    if (statusOf(error) === 412 || statusOf(error) === 409) return false
    throw toRemoteError(error, name)
  }
}

async function head(
  { sdk, client, bucket, prefix, name }: Bucket,
  key: string,
  { signal }: RemoteOptions = {},
): Promise<RemoteObject | undefined> {
  try {
    const command = new sdk.HeadObjectCommand({ Bucket: bucket, Key: prefix + key })
    const { ContentLength, LastModified } = await client.send(command, abortable(signal))
    return { key, bytes: ContentLength ?? null, modified: LastModified?.getTime() ?? null }
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw toRemoteError(error, name)
  }
}

async function* list(
  { sdk, client, bucket, prefix, name }: Bucket,
  below: string,
  { signal }: RemoteOptions = {},
): AsyncGenerator<RemoteObject> {
  let token: string | undefined
  do {
    const command = new sdk.ListObjectsV2Command({
      Bucket: bucket,
      Prefix: prefix + below,
      ContinuationToken: token,
    })
    const page = await client.send(command, abortable(signal)).catch((error: unknown) => {
      throw toRemoteError(error, name)
    })
    for (const { Key: key = '', Size: bytes = null, LastModified: at } of page.Contents ?? []) {
      if (!key.startsWith(prefix)) continue
      yield { key: key.slice(prefix.length), bytes, modified: at?.getTime() ?? null }
    }
    const next = page.IsTruncated === true ? page.NextContinuationToken : undefined
    // A server that repeats a page would be listed forever.
    if (next !== undefined && next === token) {
      throw unreachable(name, 'repeats the same page of its listing')
    }
    token = next
  } while (token !== undefined)
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}

/** Returns the HTTP status of an error of the SDK; `undefined` if there was no response. */
function statusOf(error: unknown): number | undefined {
  const metadata = isObject(error) ? error['$metadata'] : undefined
  const status = isObject(metadata) ? metadata['httpStatusCode'] : undefined
  return typeof status === 'number' ? status : undefined
}

function isMissingBucket(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchBucket'
}

/** Errors of the SDK that occur before anything is sent, by their name. */
const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError', 'ExpiredToken']

function toRemoteError(error: unknown, name: string): LimnError {
  if (error instanceof LimnError) return error
  if (error instanceof Error && NO_CREDENTIALS.includes(error.name)) return denied(name, error)
  if (isMissingBucket(error)) return unreachable(name, 'does not exist', error)
  if (error instanceof Error && error.message === 'Region is missing') {
    return unreachable(name, 'has no region: set `region` of the store, or AWS_REGION', error)
  }
  const status = statusOf(error)
  if (status !== undefined) return statusError(name, status, error)
  return unreachable(name, `can't be reached${codeText(error)}`, error)
}
