import type { WholeSkillsetFragment } from '../generated/operations.ts'
import { newId } from '../service/new-id.ts'
import { Button } from '../ui/button.tsx'
import { CheckField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import type { FieldProblems, FormField } from './form/input.ts'

type Ability = WholeSkillsetFragment['abilities'][number]

/** An ability as it is written. `key` tells those without an id apart. */
export type AbilityForm = Pick<Ability, 'name' | 'description' | 'instruction' | 'needsApproval' | 'meta'> & {
  readonly key: string
  readonly secretId: string
}

export const abilityForm = ({ id, secretId, ...rest }: Ability): AbilityForm => ({
  ...rest,
  key: id,
  secretId: secretId ?? '',
})

export function abilityInput({ name, description, instruction, needsApproval, meta, secretId }: AbilityForm) {
  return {
    ...{ name, description, instruction },
    ...(secretId !== '' && { secretId }),
    ...(needsApproval === true && { needsApproval }),
    // It is not shown here, and stays.
    ...(meta !== null && { meta }),
  }
}

/** `abilities.0.name`: what this shows. */
export const isAbilityPath = (path: string) => /^abilities\.\d+\.(name|description|instruction|secretId)$/.test(path)

interface AbilityFieldsProps {
  readonly abilities: readonly AbilityForm[]
  readonly problems: FieldProblems
  readonly secrets: NonNullable<FormField['options']>
  readonly onChange: (abilities: readonly AbilityForm[]) => void
}

export function AbilityFields({ abilities, problems, secrets, onChange }: AbilityFieldsProps) {
  const change = (place: number) => (changed: Partial<AbilityForm>) =>
    onChange(abilities.map((each, at) => (at === place ? { ...each, ...changed } : each)))
  const add = () =>
    onChange([
      ...abilities,
      {
        key: newId(),
        name: '',
        description: '',
        instruction: '',
        secretId: '',
        needsApproval: false,
        meta: null,
      },
    ])
  return (
    <>
      {abilities.map((ability, place) => (
        <OneAbility
          key={ability.key}
          of={ability}
          number={place + 1}
          problemOf={(name) => problems[`abilities.${place}.${name}`]}
          secrets={secrets}
          onChange={change(place)}
          onRemove={() => onChange(abilities.filter((each) => each !== ability))}
        />
      ))}
      <div>
        <Button onClick={add}>Add ability</Button>
      </div>
    </>
  )
}

interface OneAbilityProps extends Pick<AbilityFieldsProps, 'secrets'> {
  readonly of: AbilityForm
  readonly number: number
  readonly problemOf: (name: string) => string | undefined
  readonly onChange: (changed: Partial<AbilityForm>) => void
  readonly onRemove: () => void
}

function OneAbility({ of, number, problemOf, secrets, onChange, onRemove }: OneAbilityProps) {
  const unknown = secrets.every(({ value }) => value !== of.secretId) ? [{ value: of.secretId, name: of.secretId }] : []
  return (
    <fieldset className="fieldset">
      <legend>Ability {number}</legend>
      <TextField
        label="Name of the ability"
        value={of.name}
        problem={problemOf('name')}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        label="When to use it"
        value={of.description}
        problem={problemOf('description')}
        hint="The model reads it."
        onChange={(description) => onChange({ description })}
      />
      <TextArea
        label="Instruction"
        rows={6}
        spellCheck={false}
        value={of.instruction}
        problem={problemOf('instruction')}
        hint="What the server does, and with which parameters."
        onChange={(instruction) => onChange({ instruction })}
      />
      <SelectField
        label="Secret"
        options={[...secrets, ...unknown]}
        value={of.secretId}
        problem={problemOf('secretId')}
        onChange={(secretId) => onChange({ secretId })}
      />
      <CheckField
        label="Each call needs approval"
        isChecked={of.needsApproval === true}
        onChange={(needsApproval) => onChange({ needsApproval })}
      />
      <div>
        <Button kind="danger" aria-label={`Remove ability ${number}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </fieldset>
  )
}
