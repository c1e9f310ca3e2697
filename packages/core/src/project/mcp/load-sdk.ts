import type * as Sdk from '@modelcontextprotocol/server'
import type * as Stdio from '@modelcontextprotocol/server/stdio'
import { LimnError } from '../../errors.ts'

/** The parts of the MCP SDK that Limn uses. */
export type McpSdk = {
  McpServer: typeof Sdk.McpServer
  serveStdio: typeof Stdio.serveStdio
  StdioServerTransport: typeof Stdio.StdioServerTransport
}

/** Loads the MCP SDK, which the user installs. @throws LimnError `config/invalid` */
export async function loadMcpSdk(): Promise<McpSdk> {
  try {
    const [{ McpServer }, { serveStdio, StdioServerTransport }] = await Promise.all([
      import('@modelcontextprotocol/server'),
      import('@modelcontextprotocol/server/stdio'),
    ])
    return { McpServer, serveStdio, StdioServerTransport }
  } catch (error) {
    throw new LimnError(
      'config/invalid',
      '`limn mcp` requires the package `@modelcontextprotocol/server`, which is not installed.',
      { hint: 'Run `npm install --save-dev @modelcontextprotocol/server@2`.', cause: error },
    )
  }
}
