"""images: photographs, their renditions, the image pool."""
