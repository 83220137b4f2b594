import type { Picture } from "./previews";

const WIDTH = 320;
const MOST_PIXELS = 80_000_000;

/** A small upright version of a photograph as a blob URL; null for what the browser cannot, or had better not, decode. */
export const picture: Picture = async (file) => {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await loaded(image);
    const { naturalWidth: width, naturalHeight: height } = image;
    // only the header was read so far: a file made to hurt goes no further in this page
    if (width === 0 || width * height > MOST_PIXELS) return null;
    // from the file, not from the element: that one would be decoded in the thread that the page is shown by
    const small = await createImageBitmap(file, {
      resizeWidth: Math.min(WIDTH, width),
      resizeQuality: "medium",
      imageOrientation: "from-image",
    });
    return URL.createObjectURL(await encoded(small));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
};

function loaded(image: HTMLImageElement): Promise<void> {
  return new Promise((resolve, reject) => {
    image.onload = () => resolve();
    image.onerror = () => reject(new DOMException("no image that this browser knows", "EncodingError"));
  });
}

async function encoded(small: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(small.width, small.height);
  canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(small);
  return canvas.convertToBlob({ type: "image/webp", quality: 0.75 });
}
