/** Limits for files. Their types are checked by `takesFile` of the model's adapter. */
export interface FileRules {
  /** Bytes of one image before base64, which adds a third. */
  readonly imageBytes: number
  /** Pixels of an image's longer side. */
  readonly imageSide: number
  /** Images of one request; the latest are kept. */
  readonly images: number
  /** Pixels of the longer side of each image, once a request has so many images. */
  readonly manyImages: { readonly from: number; readonly side: number } | null
  /** Pixels of an image's shorter side. */
  readonly imageMinSide: number
  readonly gifs: boolean
}

export const anyFiles: FileRules = {
  imageBytes: Number.POSITIVE_INFINITY,
  imageSide: Number.POSITIVE_INFINITY,
  images: Number.POSITIVE_INFINITY,
  manyImages: null,
  imageMinSide: 0,
  gifs: true,
}

/** The bytes before base64 that become so many after it. */
export function beforeBase64(bytes: number): number {
  return Math.floor(bytes / 4) * 3
}
