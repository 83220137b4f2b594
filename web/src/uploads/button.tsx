import { Button, type ButtonProps, Menu, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCamera, IconChevronDown, IconPhoto, IconUpload } from "@tabler/icons-react";
import { memo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { FilesInput } from "./files-input";
import type { UploadLimits } from "./uploads";

interface UploadButtonProps extends Omit<ButtonProps, "children" | "disabled"> {
  patient: string;
  limits: UploadLimits;
  disabled?: boolean;
  /** Why it is disabled. */
  reason?: string;
  /** Says so in another way, to somebody who tries all the same. */
  onRefused?: () => void;
  label?: string;
}

/** Chooses files to upload; on a touch screen also takes a photograph (POOL-2). */
export const UploadButton = memo(function UploadButton({
  patient,
  limits,
  disabled = false,
  reason,
  onRefused,
  label,
  ...look
}: UploadButtonProps) {
  const { t } = useTranslation();
  const touch = useMediaQuery("(pointer: coarse)", false, { getInitialValueInEffect: false });
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const choose = () => files.current?.click();
  const button = {
    ...look,
    leftSection: <IconUpload size={16} stroke={1.8} />,
    children: label ?? t("uploads.upload"),
  };
  if (disabled) {
    return (
      <Tooltip label={reason} disabled={reason === undefined} multiline maw={280} events={WITH_FOCUS}>
        {/* can be focused all the same, so that its reason can be read */}
        {onRefused === undefined ? (
          <Button {...button} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
        ) : (
          <Button {...button} onClick={onRefused} />
        )}
      </Tooltip>
    );
  }
  return (
    <>
      <FilesInput ref={files} patient={patient} limits={limits} />
      {!touch && <Button {...button} onClick={choose} />}
      {touch && <FilesInput ref={camera} patient={patient} limits={limits} camera />}
      {touch && (
        <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button {...button} rightSection={<IconChevronDown size={16} stroke={1.8} />} />
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPhoto size={18} stroke={1.6} />} onClick={choose}>
              {t("uploads.chooseFiles")}
            </Menu.Item>
            <Menu.Item leftSection={<IconCamera size={18} stroke={1.6} />} onClick={() => camera.current?.click()}>
              {t("uploads.takePhotograph")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
});

const WITH_FOCUS = { hover: true, focus: true, touch: true };
