import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

const guide = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8')

/** The texts of a section of the guide: its manifest and its script, as they are written there. */
function recipe(heading: string): { manifest: string; files: Record<string, string> } {
  const section = guide.split(`\n### ${heading}\n`)[1]!.split(/\n##+ /)[0]!
  const manifest = /```yaml\n([^]*?)```/.exec(section)![1]!
  const [, script, path] = /```(?:js|python)\n((?:\/\/|#) (tools\/\S+)\n[^]*?)```/.exec(section)!
  return { manifest, files: { 'images.yaml': manifest, [path!]: script! } }
}

/** A project, and `limn generate` in it. */
type Recipe = { project: TestProject; generate: () => ReturnType<TestProject['cli']> }

/** Opens a project with a recipe whose user has agreed to its command. */
async function open(
  heading: string,
  {
    env = {},
    files = {},
  }: { env?: Record<string, string>; files?: Record<string, string | Uint8Array> } = {},
): Promise<Recipe> {
  const written = recipe(heading)
  const project = await createTestProject({
    files: { ...written.files, 'photo.png': photo, 'mask.png': mask, ...files },
    trust: '',
  })
  // Variables outside Limn's own come from the process.
  for (const [name, value] of Object.entries(env)) {
    process.env[name] = value
    onTestFinished(() => void delete process.env[name])
  }
  const { stdout } = await project.cli(['trust', '--json'])
  const LIMN_TRUST = /"grant":"(command@[0-9a-f]{64})"/.exec(stdout)![1]!
  return { project, generate: () => project.cli(['generate'], { LIMN_TRUST }) }
}

const solid = (background: string, width = 1216, height = 832): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer()
const photo = await solid('#335577', 1024, 1024)
const mask = await sharp({ create: { width: 1024, height: 1024, channels: 4, background: '#000' } })
  .composite([
    {
      input: Buffer.alloc(512 * 512 * 4, 255),
      raw: { width: 512, height: 512, channels: 4 },
      blend: 'dest-out',
      left: 0,
      top: 0,
    },
  ])
  .png()
  .toBuffer()

type Call = { method: string; path: string; body: Buffer }

/** Starts a server that answers by path, and keeps its calls. */
async function serve(answer: (call: Call) => unknown): Promise<{ url: string; calls: Call[] }> {
  const calls: Call[] = []
  const server = createServer((request: IncomingMessage, response) => {
    void buffer(request).then((body) => {
      const call = { method: request.method!, path: request.url!, body }
      calls.push(call)
      const result = answer(call)
      if (Buffer.isBuffer(result)) return response.end(result)
      const { status = 200, ...json } = result as { status?: number }
      response.writeHead(status, { 'content-type': 'application/json' })
      return response.end(JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls }
}

const editing = (manifest: string): string =>
  manifest.replace('outputs: [og]', 'size: 1024x1024, edit: { image: ./photo.png }, outputs: [og]')
const inpainting = (manifest: string): string =>
  manifest.replace(
    'outputs: [og]',
    'size: 1024x1024, edit: { image: ./photo.png, mask: ./mask.png }, outputs: [og]',
  )

const workflow = JSON.stringify({
  3: { class_type: 'KSampler', inputs: { seed: 'LIMN_SEED', steps: 20 } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 'LIMN_WIDTH', height: 'LIMN_HEIGHT' } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: 'LIMN_PROMPT', clip: ['4', 1] } },
  10: { class_type: 'LoadImage', inputs: { image: 'LIMN_IMAGE' } },
})

/** A stand-in for ComfyUI: a job is in the history at the second look. */
async function comfyUI(failure?: unknown): ReturnType<typeof serve> {
  const picture = await solid('#e4572e')
  let looks = 0
  return serve(({ path }) => {
    if (path === '/upload/image') return { name: 'limn.png', subfolder: 'in', type: 'input' }
    if (path === '/prompt') {
      return failure === 'invalid'
        ? { status: 400, error: { message: 'Prompt outputs failed validation' } }
        : { prompt_id: 'job-1', number: 1 }
    }
    if (path.startsWith('/view')) return picture
    if (++looks < 2) return {}
    if (failure !== undefined) {
      return {
        'job-1': {
          outputs: {},
          status: {
            status_str: 'error',
            messages: [
              ['execution_start', {}],
              ['execution_error', { exception_message: 'Allocation on device' }],
            ],
          },
        },
      }
    }
    return {
      'job-1': {
        status: { status_str: 'success' },
        outputs: {
          9: {
            images: [
              { filename: 'temp.png', subfolder: '', type: 'temp' },
              { filename: 'a_1.png', subfolder: '', type: 'output' },
            ],
          },
        },
      },
    }
  })
}

test('runs the recipe for ComfyUI', async () => {
  const server = await comfyUI()
  const { project, generate } = await open('ComfyUI', {
    env: { COMFYUI_URL: server.url },
    files: { 'tools/workflow.json': workflow },
  })
  expect(await generate()).toMatchObject({ code: 0, stderr: '' })
  expect(server.calls.map(({ path }) => path)).toEqual([
    '/prompt',
    '/history/job-1',
    '/history/job-1',
    '/view?filename=a_1.png&subfolder=&type=output',
  ])
  expect(JSON.parse(server.calls[0]!.body.toString())).toMatchObject({
    client_id: 'limn',
    prompt: {
      3: { inputs: { seed: expect.any(Number), steps: 20 } },
      5: { inputs: { width: 1216, height: 832 } },
      6: { inputs: { text: 'A lighthouse at dawn' } },
    },
  })

  project.write('images.yaml', editing(project.text('images.yaml')))
  expect((await generate()).code).toBe(0)
  const [upload, prompt] = server.calls.slice(4)
  expect(upload!.body.includes(photo)).toBe(true)
  expect(prompt!.body.toString()).toContain('"image":"in/limn.png"')
})

test.each([
  ['invalid', /rejects the request: ComfyUI rejects the workflow: .*failed validation/],
  ['crash', /failed with exit code 1: ComfyUI failed: Allocation on device\./],
])('reports what ComfyUI says about %s', async (failure, message) => {
  const server = await comfyUI(failure)
  const { generate } = await open('ComfyUI', {
    env: { COMFYUI_URL: server.url },
    files: { 'tools/workflow.json': workflow },
  })
  const { code, stderr } = await generate()
  expect(code).toBe(1)
  expect(stderr).toMatch(message)
})

test('runs the recipe for AUTOMATIC1111', async () => {
  const picture = await solid('#3f7cac')
  const server = await serve(({ path, body }) => {
    if (body.includes('forbidden')) return { status: 422, detail: [{ msg: 'field required' }] }
    return path.startsWith('/sdapi/v1/')
      ? { images: [picture.toString('base64')], info: '{}' }
      : { status: 404 }
  })
  const { project, generate } = await open('AUTOMATIC1111', { env: { WEBUI_URL: server.url } })
  expect(await generate()).toMatchObject({ code: 0, stderr: '' })
  const { manifest } = recipe('AUTOMATIC1111')
  project.write('images.yaml', inpainting(manifest))
  expect((await generate()).code).toBe(0)
  const [plain, inpainted] = server.calls.map(({ path, body }) => ({
    path,
    body: JSON.parse(body.toString()) as Record<string, unknown>,
  }))
  expect(plain).toEqual({
    path: '/sdapi/v1/txt2img',
    body: {
      prompt: 'A lighthouse at dawn',
      width: 1216,
      height: 832,
      batch_size: 1,
      override_settings: { sd_model_checkpoint: 'sd_xl_base_1.0.safetensors' },
      steps: 24,
      sampler_name: 'Euler a',
      negative_prompt: 'blurry',
    },
  })
  expect(inpainted).toMatchObject({
    path: '/sdapi/v1/img2img',
    body: { init_images: [photo.toString('base64')] },
  })
  // The mask is white where the picture may change.
  const sent = sharp(Buffer.from(inpainted!.body['mask'] as string, 'base64'))
  const { data, info } = await sent.greyscale().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number): number => data[(y * info.width + x) * info.channels]!
  expect([at(10, 10), at(900, 900)]).toEqual([255, 0])

  project.write('images.yaml', manifest.replace('A lighthouse', 'A forbidden lighthouse'))
  expect((await generate()).stderr).toMatch(
    /rejects the request: The web UI failed \(422\): .*field required/,
  )
})

/** Stand-ins for torch and diffusers: each call is printed into `calls.jsonl`. */
const stubs = {
  'tools/torch.py':
    'float16, float32 = "float16", "float32"\nclass cuda:\n    is_available = staticmethod(lambda: False)\n',
  'tools/diffusers/__init__.py': `import json, struct, zlib
class Picture:
    def __init__(self, width, height): self.size = (width, height)
    def save(self, path):
        width, height = self.size
        def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        rows = zlib.compress((b"\\0" + b"\\x80" * width) * height)
        with open(path, "wb") as file:
            file.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
class Result:
    pass
class Pipeline:
    @classmethod
    def from_pretrained(cls, model, torch_dtype):
        if "broken" in model: raise OSError(f"{model} is not a local folder")
        self = cls(); self.facts = {"kind": cls.__name__, "model": model, "dtype": torch_dtype}; return self
    def to(self, device): self.facts["device"] = device; return self
    def __call__(self, **options):
        shown = {key: value if isinstance(value, (str, int)) else repr(value) for key, value in options.items()}
        with open("calls.jsonl", "a") as file: file.write(json.dumps({**self.facts, **shown}) + "\\n")
        result = Result(); result.images = [Picture(options.get("width", 512), options.get("height", 512))] * options["num_images_per_prompt"]; return result
class AutoPipelineForText2Image(Pipeline): pass
class AutoPipelineForImage2Image(Pipeline): pass
class AutoPipelineForInpainting(Pipeline): pass
`,
  'tools/diffusers/utils.py': `class Loaded:
    def __init__(self, path): self.path = path
    def resize(self, size): self.size = size; return self
    def __repr__(self): return f"{self.path.rsplit('-', 1)[1]} {self.size}"
def load_image(path):
    open(path, "rb").close(); return Loaded(path)
`,
}
const hasPython = spawnSync('python3', ['--version']).status === 0

test.skipIf(!hasPython)('runs the recipe for diffusers', async () => {
  const { project, generate } = await open('diffusers', { files: stubs })
  const { manifest } = recipe('diffusers')
  const small = (text: string): string => text.replace('size: 1024x1024', 'size: 512x512')
  for (const text of [manifest, small(editing(manifest)), small(inpainting(manifest))]) {
    project.write('images.yaml', text)
    expect(await generate()).toMatchObject({ code: 0, stderr: '' })
  }
  const shared = {
    model: 'stabilityai/sdxl-turbo',
    dtype: 'float32',
    device: 'cpu',
    prompt: 'A lighthouse at dawn',
    num_images_per_prompt: 1,
    num_inference_steps: 4,
    guidance_scale: 0,
  }
  expect(
    project
      .text('calls.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { ...shared, kind: 'AutoPipelineForText2Image', width: 768, height: 512 },
    { ...shared, kind: 'AutoPipelineForImage2Image', image: 'image.png (512, 512)' },
    {
      ...shared,
      kind: 'AutoPipelineForInpainting',
      width: 512,
      height: 512,
      image: 'image.png (512, 512)',
      mask_image: 'mask.png (512, 512)',
    },
  ])
  project.write(
    'images.yaml',
    manifest.replace('stabilityai/sdxl-turbo', 'broken/model').replace('at dawn', 'at noon'),
  )
  expect((await generate()).stderr).toContain('OSError: broken/model is not a local folder')
})

test('plans every manifest of the guide', async () => {
  const manifests = [...guide.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text!)
  expect(manifests).toHaveLength(6)
  for (const text of manifests) {
    const { cli } = await createTestProject({ files: { 'images.yaml': text } })
    const { code, stderr } = await cli(['plan'])
    expect([code, stderr], text).toEqual([0, ''])
  }
})
