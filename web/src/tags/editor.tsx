import { Badge, Button, Text, Title, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { TagCategoryView, TagList, TagView } from "../api/schema";
import { tellProblem } from "../ui/tell";
import { changeCategory, changeTag, createCategory, createTag, useMove } from "./editing";
import classes from "./editor.module.css";
import { focusHandle, Handle, Options } from "./editor-row";
import { Label } from "./label";
import { NameForm } from "./name-form";
import { useDragOrder } from "./use-drag-order";
import { useWords } from "./words";

type OnMove = (category: string | null, from: number, to: number) => void;

/** The categories and tags of a site or of the installation, to make, rename, recolour, order and retire (TAG-1). */
export function TagEditor({ list }: { list: TagList }) {
  const { t } = useWords();
  const { mutate } = useMove(list, t("editor.stale"));
  const [said, setSaid] = useState("");
  const move: OnMove = (category, from, to) => {
    const items = category === null ? list.categories : list.categories.find(({ id }) => id === category)?.tags;
    const item = items?.[from];
    if (item === undefined) return;
    const done = () => {
      setSaid(t("editor.moved", { name: item.name, place: to + 1 }));
      focusHandle(item.id);
    };
    mutate({ category, from, to }, { onSuccess: done });
  };
  const order = useDragOrder(list.categories.length, (from, to) => move(null, from, to));
  return (
    <>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      {list.categories.length === 0 && (
        <Text c="dimmed" my="lg">
          {t("editor.empty")}. {t("editor.emptyAbout")}
        </Text>
      )}
      <ol className={classes.list}>
        {list.categories.map((category, place) => (
          <Category
            key={category.id}
            category={category}
            place={place}
            count={list.categories.length}
            order={order}
            onMove={move}
          />
        ))}
      </ol>
      <NewCategory site={list.site} key={list.site} />
    </>
  );
}

interface CategoryProps {
  category: TagCategoryView;
  place: number;
  count: number;
  order: ReturnType<typeof useDragOrder>;
  onMove: OnMove;
}

function Category({ category, place, count, order, onMove }: CategoryProps) {
  const { t } = useWords();
  const [changing, { open, close }] = useDisclosure();
  const { id, name, colour, retired, tags } = category;
  const inside = useDragOrder(tags.length, (from, to) => onMove(id, from, to));
  return (
    <li className={classes.category} {...order.item(place)}>
      <div className={classes.head}>
        {changing ? (
          <NameForm
            action={t("translation:ui.save")}
            label={t("editor.name")}
            name={name}
            colour={colour}
            withColour
            save={(wished, shade) => changeCategory(category, { name: wished, colour: shade })}
            onDone={close}
          />
        ) : (
          <>
            <Handle id={id} name={name} drag={order.handle(place)} />
            <Title order={2} className={classes.name}>
              <bdi>{name}</bdi>
            </Title>
            {retired && <Retired />}
            <Options
              name={name}
              change={t("editor.change", { name })}
              place={place}
              count={count}
              retired={retired}
              onChange={open}
              onMove={(to) => onMove(null, place, to)}
              onRetire={(wished) => void changeCategory(category, { retired: wished }).catch(tellProblem)}
            />
          </>
        )}
      </div>
      {retired && (
        <Text size="sm" c="dimmed" px={10} pb="xs">
          {t("editor.retiredCategory")}
        </Text>
      )}
      <ol className={classes.tags}>
        {tags.map((tag, at) => (
          <Tag key={tag.id} tag={tag} category={category} place={at} order={inside} onMove={onMove} />
        ))}
      </ol>
      <NewTag category={category} />
    </li>
  );
}

interface TagProps {
  tag: TagView;
  category: TagCategoryView;
  place: number;
  order: ReturnType<typeof useDragOrder>;
  onMove: OnMove;
}

function Tag({ tag, category, place, order, onMove }: TagProps) {
  const { t } = useWords();
  const [changing, { open, close }] = useDisclosure();
  const { id, name, retired } = tag;
  return (
    <li className={classes.tag} {...order.item(place)}>
      {changing ? (
        <NameForm
          action={t("translation:ui.save")}
          label={t("editor.name")}
          name={name}
          colour={category.colour}
          save={(wished) => changeTag(category.site, tag, { name: wished })}
          onDone={close}
        />
      ) : (
        <>
          <Handle id={id} name={name} drag={order.handle(place)} />
          <div className={classes.what}>
            <Label name={name} colour={category.colour} retired={retired} />
            {retired && <Retired />}
          </div>
          <Options
            name={name}
            change={t("editor.rename", { name })}
            place={place}
            count={category.tags.length}
            retired={retired}
            onChange={open}
            onMove={(to) => onMove(category.id, place, to)}
            onRetire={(wished) => void changeTag(category.site, tag, { retired: wished }).catch(tellProblem)}
          />
        </>
      )}
    </li>
  );
}

function Retired() {
  const { t } = useWords();
  return (
    <Badge color="gray" variant="light" tt="none" radius="sm">
      {t("editor.retiredOne")}
    </Badge>
  );
}

function NewTag({ category }: { category: TagCategoryView }) {
  const { t } = useWords();
  const { key, open, close } = useNew();
  if (key === null) {
    return (
      <div className={classes.add}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          aria-label={t("editor.addTo", { category: category.name })}
          onClick={open}
        >
          {t("editor.add")}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes.add}>
      <NameForm
        action={t("editor.add")}
        label={t("editor.newTag", { category: category.name })}
        colour={category.colour}
        save={(name) => createTag(category, name, key)}
        onDone={close}
      />
    </div>
  );
}

function NewCategory({ site }: { site: string | null }) {
  const { t } = useWords();
  const { key, open, close } = useNew();
  if (key === null) {
    return (
      <Button mt="md" leftSection={<IconPlus size={17} />} onClick={open}>
        {t("editor.newCategory")}
      </Button>
    );
  }
  return (
    <section className={classes.category} aria-label={t("editor.newCategory")} style={{ marginTop: 16 }}>
      <NameForm
        action={t("editor.create")}
        label={t("editor.name")}
        colour="teal"
        withColour
        save={(name, colour) => createCategory(site, name, colour, key)}
        onDone={close}
      />
    </section>
  );
}

/** Whether something is being made, and under which key, so that repeating it makes one. */
function useNew() {
  const [key, setKey] = useState<string | null>(null);
  return { key, open: () => setKey(crypto.randomUUID()), close: () => setKey(null) };
}
