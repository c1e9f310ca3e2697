import { describe, expect, it } from 'vitest'
import { parseRemoteAddress } from './remote-address.ts'

describe('parseRemoteAddress', () => {
  it.each([
    ['s3://pictures', { kind: 's3', bucket: 'pictures', prefix: '' }],
    ['s3://pictures/', { kind: 's3', bucket: 'pictures', prefix: '' }],
    ['s3://pictures/limn/site', { kind: 's3', bucket: 'pictures', prefix: 'limn/site/' }],
    ['s3://pictures/limn//', { kind: 's3', bucket: 'pictures', prefix: 'limn/' }],
    ['https://cache.example.com', { kind: 'http', url: 'https://cache.example.com/' }],
    ['https://cache.example.com/a/b/', { kind: 'http', url: 'https://cache.example.com/a/b/' }],
    ['http://127.0.0.1:8080/x', { kind: 'http', url: 'http://127.0.0.1:8080/x/' }],
    ['../shared', { kind: 'folder', path: '../shared' }],
    ['/mnt/limn', { kind: 'folder', path: '/mnt/limn' }],
    ['file:///mnt/limn%20cache', { kind: 'folder', path: '/mnt/limn cache' }],
    ['file:///C:/cache', { kind: 'folder', path: 'C:/cache' }],
    [String.raw`C:\cache`, { kind: 'folder', path: String.raw`C:\cache` }],
  ])('parses %s', (text, address) => {
    expect(parseRemoteAddress(text)).toEqual({ address })
  })

  it.each([
    ['', 'is empty'],
    ['ftp://host/x', 'starts with ftp:'],
    ['javascript:alert(1)', 'starts with javascript:'],
    ['s3://', 'does not name a bucket'],
    ['s3://a', 'does not name a bucket'],
    ['s3://user@bucket', 'does not name a bucket'],
    ['s3://bucket/a/../b', 'has a prefix'],
    ['s3://bucket/a//b', 'has a prefix'],
    ['s3://bucket/a?b', 'does not name a bucket'],
    ['https://', 'is not a URL'],
    ['https://user:secret@host', 'contains a user name'],
    ['https://host/?a=b', 'contains a query'],
    ['file://host/share', 'is not the URL of a folder'],
    ['file:///%00', 'is not the URL of a folder'],
    ['file:///%zz', 'is not the URL of a folder'],
  ])('rejects %j', (text, problem) => {
    expect(parseRemoteAddress(text)).toEqual({
      problem: expect.stringContaining(problem) as string,
    })
  })
})
