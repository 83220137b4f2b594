import account from "../account/words/fr.json";
import administration from "../administration/words/fr.json";
import audit from "../audit/words/fr.json";
import consent from "../consent/words/fr.json";
import database from "../database/words/fr.json";
import details from "../details/words/fr.json";
import entries from "../entries/words/fr.json";
import moving from "../moving/words/fr.json";
import notes from "../notes/words/fr.json";
import pool from "../pool/words/fr.json";
import presence from "../presence/words/fr.json";
import saving from "../saving/words/fr.json";
import shortcuts from "../shortcuts/words/fr.json";
import tags from "../tags/words/fr.json";
import translation from "./fr.json";

/** All that is said in French, by the names of its parts: it comes in one file, and only to who reads it. */
export default {
  account,
  administration,
  audit,
  consent,
  database,
  details,
  entries,
  moving,
  notes,
  pool,
  presence,
  saving,
  shortcuts,
  tags,
  translation,
};
