import { z } from 'zod'

/** A message is only looked at when it is believed. */
const message = z.looseObject({ id: z.string().optional(), role: z.string() })

const context = z.looseObject({ description: z.string(), value: z.string() })

const tool = z.looseObject({
  name: z.string(),
  description: z.string(),
  parameters: z.unknown().optional(),
  metadata: z.looseObject({ backchannel: z.unknown().optional() }).nullish(),
})

const resumeEntry = z.looseObject({
  interruptId: z.string(),
  status: z.enum(['resolved', 'cancelled']),
  payload: z.unknown().optional(),
})

const id = z.string().min(1, 'takes at least one character').max(1000, 'takes at most 1000 characters')

/** The body of an AG-UI run. What is not read here, such as `state` and `forwardedProps`, has no effect. */
export const runAgentInput = z.looseObject({
  threadId: id,
  runId: id,
  messages: z.array(message),
  tools: z.array(tool).nullish(),
  context: z.array(context).nullish(),
  resume: z.array(resumeEntry).nullish(),
})

export type RunAgentInput = z.output<typeof runAgentInput>
export type ResumeEntry = z.output<typeof resumeEntry>
export type GivenMessage = RunAgentInput['messages'][number]
export type GivenTool = z.output<typeof tool>
