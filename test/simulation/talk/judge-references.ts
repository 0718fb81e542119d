import { isEnded } from '../../../src/conversation/run-status.ts'
import type { World } from '../world.ts'

/** At every moment, whatever the store has lost: what a conversation stands on, and what its runs refer to, is there. */
export async function judgeReferences({ store, talk, runs }: World): Promise<string[]> {
  if (talk === null) return []
  const { key } = talk
  const [line = null] = await store.lines.find([key])
  const stands = line === null || line.isClosed ? null : line.transcript
  const isThere = stands === null || (await store.transcripts.read(key.account, stands)) !== null
  const found = await store.runs.find(runs)
  const atWork = found.flatMap((run) => (run === null || isEnded(run.status) ? [] : [run.key]))
  const facts = await Promise.all(atWork.map((run) => store.runs.facts(run)))
  return [
    ...(isThere ? [] : [`the conversation stands on ${stands?.root}, which is not there`]),
    ...atWork.flatMap(({ channel }, index) =>
      facts[index]?.length === 0 ? [`${channel} has not ended, and refers to what is not there`] : [],
    ),
  ]
}
