import { Alert, Box, Button, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useDropzone } from "react-dropzone";
import { useTranslation } from "react-i18next";
import { installLicence } from "../licence/licence";
import { refusalInWords } from "../licence/words";
import { Section } from "../ui/section";
import { tell } from "../ui/tell";
import classes from "./install-licence.module.css";

const LIMIT_BYTES = 16 * 1024;

/** A licence file is chosen, dropped or pasted, looked at, and installed. */
export function InstallLicence() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [unfit, setUnfit] = useState(false);
  const install = useMutation({
    mutationFn: () => installLicence(text),
    onSuccess: () => {
      setText("");
      tell({ color: "teal", message: t("licence.installed") });
    },
  });
  const take = (typed: string) => {
    install.reset();
    setUnfit(false);
    setText(typed);
  };
  const read = async (file: File | null | undefined) => {
    if (file == null) return;
    if (file.size > LIMIT_BYTES) {
      take("");
      setUnfit(true);
    } else take(await file.text());
  };
  const zone = useDropzone({ noClick: true, noKeyboard: true, multiple: false, onDrop: ([file]) => void read(file) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    install.mutate();
  };
  const refused = unfit ? t("licence.reasons.not_a_licence") : null;
  const problem = install.error === null ? refused : refusalInWords(install.error, t);
  return (
    <Section title={t("licence.install")} about={t("licence.installAbout")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Box {...zone.getRootProps({ className: classes.area, "data-over": zone.isDragActive || undefined })}>
            <Textarea
              label={t("licence.file")}
              description={t("licence.fileAbout")}
              value={text}
              onChange={(event) => take(event.currentTarget.value)}
              classNames={{ input: classes.text ?? "" }}
              rows={9}
              maxLength={LIMIT_BYTES}
              spellCheck={false}
              autoComplete="off"
            />
            {zone.isDragActive && (
              <Text className={classes.over} fw={600}>
                {t("licence.dropHere")}
              </Text>
            )}
          </Box>
          {problem !== null && (
            <Alert color="red" variant="light" role="alert" p="sm">
              {problem}
            </Alert>
          )}
          <Group justify="space-between">
            <FileButton onChange={(file) => void read(file)} accept=".licence,.txt,text/plain">
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconFileText size={17} stroke={1.6} />}>
                  {t("licence.choose")}
                </Button>
              )}
            </FileButton>
            <Button type="submit" loading={install.isPending} disabled={text.trim() === ""}>
              {t("licence.installIt")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
