/** The package has no types of its own, and those of others are of an older version. */
declare module 'html-encoding-sniffer' {
  export default function htmlEncodingSniffer(
    bytes: Uint8Array,
    options: {
      readonly xml?: boolean
      readonly transportLayerEncodingLabel?: string | undefined
      /** Returned as it is if nothing else names an encoding. */
      readonly defaultEncoding: string
      /** Not allowed with `xml`. */
      readonly maxPrescanBytes?: number
    },
  ): string
}
