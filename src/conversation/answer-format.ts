/** The form of a model's answers: JSON that fits a schema. */
export interface AnswerFormat {
  /** The model may read it. */
  readonly name: string
  readonly description: string | null
  /** A JSON Schema of type object. */
  readonly schema: Readonly<Record<string, unknown>>
  /** The provider holds the model to the schema, of which it then takes a part of JSON Schema only. */
  readonly isStrict: boolean
}
