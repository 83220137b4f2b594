import { Box } from "@mantine/core";
import type { ImageView } from "../api/schema";
import { usePatient } from "../patients/patient";
import { useMayContribute } from "../patients/sharing";
import { useTagImage } from "./assigned";
import { TagSection } from "./tag-section";
import { useCategories } from "./tags";

/** The tags of a photograph, among its properties. */
export function TagFacts({ image }: { image: ImageView }) {
  const categories = useCategories(image.site);
  const mayChange = useMayContribute(usePatient(image.patient).data) && image.state !== "rejected";
  const tagging = useTagImage(image);
  if (categories === undefined) return null;
  return (
    <Box mt="lg">
      <TagSection categories={categories} own={image.tags ?? []} mayChange={mayChange} tagging={tagging} />
    </Box>
  );
}
