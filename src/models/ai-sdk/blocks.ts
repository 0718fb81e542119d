import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { ModelPart } from '../model.ts'

type MetadataPart = Extract<ModelPart, { type: 'metadata' }>
type Told = SharedV4ProviderMetadata | undefined

/** The blocks of text and reasoning that a call has open, with what the provider told about each so far. */
export interface AiSdkBlocks {
  note(of: MetadataPart['of'], id: string, metadata: Told): void
  /** What to send back with a block that ends; nothing if the provider gave nothing. */
  end(of: MetadataPart['of'], id: string, metadata: Told): readonly MetadataPart[]
  endAll(): readonly MetadataPart[]
}

/** Providers report in pieces: an item's id when it begins, its signature in the middle, its ciphertext at the end. */
export function createAiSdkBlocks(): AiSdkBlocks {
  const blocks = new Map<string, { readonly of: MetadataPart['of']; metadata: SharedV4ProviderMetadata }>()

  const note: AiSdkBlocks['note'] = (of, id, metadata) => {
    if (metadata === undefined) return
    const key = `${of} ${id}`
    blocks.set(key, { of, metadata: merged(blocks.get(key)?.metadata ?? {}, metadata) })
  }
  const close = (key: string): readonly MetadataPart[] => {
    const block = blocks.get(key)
    blocks.delete(key)
    if (block === undefined || isUseless(block.metadata)) return []
    return [{ type: 'metadata', of: block.of, metadata: block.metadata }]
  }
  return {
    note,
    end(of, id, metadata) {
      note(of, id, metadata)
      return close(`${of} ${id}`)
    },
    endAll: () => [...blocks.keys()].flatMap(close),
  }
}

function merged(before: SharedV4ProviderMetadata, after: SharedV4ProviderMetadata): SharedV4ProviderMetadata {
  const entries = Object.entries(after).map(([provider, told]) => [provider, { ...before[provider], ...told }] as const)
  return { ...before, ...Object.fromEntries(entries) }
}

/**
 * OpenAI refuses the id of reasoning that it did not return encrypted: it stores none for us (`store: false`), so that
 * id leads nowhere.
 */
function isUseless(metadata: SharedV4ProviderMetadata): boolean {
  return metadata['openai']?.['reasoningEncryptedContent'] === null
}
