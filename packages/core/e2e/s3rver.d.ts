/** The S3 server of the registry, which has no types of its own. */
declare module '@20minutes/s3rver' {
  export default class S3rver {
    constructor(options: {
      address: string
      port: number
      silent: boolean
      directory: string
      configureBuckets: { name: string; configs: string[] }[]
    })
    /** Starts the server. @returns its address */
    run(): Promise<{ port: number }>
    close(): Promise<void>
  }
}
