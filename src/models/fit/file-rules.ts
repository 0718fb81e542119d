/** What a provider takes as files, besides their types, which `takesFile` of the model's adapter tells. */
export interface FileRules {
  /** Bytes of one image as it is: on the wire it has a third more. */
  readonly imageBytes: number
  /** Pixels of an image's longer side. */
  readonly imageSide: number
  /** Images of one request; the latest are kept. */
  readonly images: number
  readonly gifs: boolean
}

export const anyFiles: FileRules = {
  imageBytes: Number.POSITIVE_INFINITY,
  imageSide: Number.POSITIVE_INFINITY,
  images: Number.POSITIVE_INFINITY,
  gifs: true,
}

/** What so many bytes are before base64 makes a third more of them. */
export function beforeBase64(bytes: number): number {
  return Math.floor(bytes / 4) * 3
}
