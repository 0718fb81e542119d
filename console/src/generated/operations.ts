/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** The state of a dispatch. COMPLETED, FAILED and CANCELLED are final. */
export type DispatchStatus =
  /** The run was ended by `cancelDispatch`. */
  | 'CANCELLED'
  /** The run has ended with a result. */
  | 'COMPLETED'
  /** The run has ended with an error. */
  | 'FAILED'
  /** The run waits for its turn in its conversation, for that of its account, for the time in `notBefore`, for room in RUNNING_DISPATCHES, or for the limits of its provider. */
  | 'QUEUED'
  /** A worker is working on the run. */
  | 'RUNNING'
  /** The run waits for answers to function calls, or for a limit to be raised, and holds no worker. */
  | 'WAITING';

export type RunRowFragment = { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } };

export type RunsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  statuses?: ReadonlyArray<DispatchStatus> | DispatchStatus | null | undefined;
  botId?: string | null | undefined;
  contactId?: string | null | undefined;
  conversationId?: string | null | undefined;
}>;


export type RunsQuery = { readonly dispatches: { readonly edges: ReadonlyArray<{ readonly node: { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type RunByIdQueryVariables = Exact<{
  channelId: string;
}>;


export type RunByIdQuery = { readonly dispatch: { readonly channelId: string, readonly status: DispatchStatus, readonly model: string, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly attempts: number, readonly conversationId: string | null, readonly bot: { readonly id: string, readonly name: string | null } | null, readonly contact: { readonly id: string, readonly name: string | null } | null, readonly error: { readonly code: string } | null, readonly usage: { readonly totalTokens: number, readonly cost: number | null } } | null };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { readonly models: ReadonlyArray<{ readonly id: string, readonly provider: string, readonly isDefault: boolean }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const RunRowFragmentDoc = new TypedDocumentString(`
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}
    `, {"fragmentName":"RunRow"}) as unknown as TypedDocumentString<RunRowFragment, unknown>;
export const RunsDocument = new TypedDocumentString(`
    query Runs($first: Int, $after: String, $statuses: [DispatchStatus!], $botId: ID, $contactId: ID, $conversationId: ID) {
  dispatches(
    first: $first
    after: $after
    statuses: $statuses
    botId: $botId
    contactId: $contactId
    conversationId: $conversationId
  ) {
    edges {
      node {
        ...RunRow
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}`) as unknown as TypedDocumentString<RunsQuery, RunsQueryVariables>;
export const RunByIdDocument = new TypedDocumentString(`
    query RunById($channelId: ID!) {
  dispatch(channelId: $channelId) {
    ...RunRow
  }
}
    fragment RunRow on Dispatch {
  channelId
  status
  model
  createdAt
  startedAt
  finishedAt
  attempts
  conversationId
  bot {
    id
    name
  }
  contact {
    id
    name
  }
  error {
    code
  }
  usage {
    totalTokens
    cost
  }
}`) as unknown as TypedDocumentString<RunByIdQuery, RunByIdQueryVariables>;
export const ModelsDocument = new TypedDocumentString(`
    query Models {
  models {
    id
    provider
    isDefault
  }
}
    `) as unknown as TypedDocumentString<ModelsQuery, ModelsQueryVariables>;