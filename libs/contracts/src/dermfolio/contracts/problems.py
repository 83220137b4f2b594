"""Every error a caller can meet: a stable code, an HTTP status, a sentence to act on (RFC 9457)."""

from dataclasses import dataclass

from dermfolio.contracts.views.licence import REFUSED_FILES, SENTENCES


@dataclass(frozen=True)
class Problem:
    """One kind of error. `detail` is shown to people; `code` is what programs look at."""

    code: str
    status: int
    title: str
    detail: str

    @property
    def type(self) -> str:
        """The problem type URI of RFC 9457, stable across versions."""
        return f"urn:dermfolio:problem:{self.code}"


_ALL = (
    Problem(
        "invalid_request",
        400,
        "Invalid request",
        "The request could not be understood. See 'errors' for what to correct.",
    ),
    Problem("not_signed_in", 401, "Not signed in", "Sign in to continue."),
    Problem("sign_in_failed", 401, "Sign-in failed", "The user name or the password is not right."),
    Problem(
        "provider_sign_in_failed",
        401,
        "Sign-in failed",
        "Your organisation's sign-in could not be confirmed. Try again; if it fails again, tell your administrator.",
    ),
    Problem(
        "provider_sign_in_stale",
        401,
        "Sign-in too old",
        "This sign-in took too long, was finished already, or was begun in another window. Sign in again.",
    ),
    Problem(
        "provider_declined",
        401,
        "Sign-in not completed",
        "Your organisation's sign-in was cancelled or declined. Sign in again, or ask your administrator whether you may.",
    ),
    Problem(
        "no_access",
        403,
        "No access yet",
        "Your organisation knows you, but you have no access here. Ask your administrator for a role.",
    ),
    Problem(
        "second_factor_required",
        401,
        "Second factor required",
        "Send the code that your authenticator app shows, or one of your recovery codes, as 'second_factor'.",
    ),
    Problem(
        "second_factor_failed",
        401,
        "Code not right",
        "The code is not right or was used before. Wait for the next one, or use a recovery code.",
    ),
    Problem(
        "search_too_broad",
        400,
        "Search takes too long",
        "This search would take too long. Narrow the time, or add a filter.",
    ),
    Problem(
        "evaluation_only",
        403,
        "Only in evaluations",
        "This installation is not an evaluation (DERMFOLIO_PROFILE=evaluation): invented people would stand among its "
        "patients, and nobody could tell any more who is real. Nothing was changed. Start one with 'make run'.",
    ),
    Problem("forbidden", 403, "Not allowed", "Your role does not allow this. Ask a site administrator if you need it."),
    Problem(
        "csrf_failed",
        403,
        "Request not confirmed",
        "Send the X-CSRF-Token that the session returned, from the application's own address.",
    ),
    Problem(
        "password_change_required",
        403,
        "Password change required",
        "Choose a new password (PUT /api/v1/account/password) before anything else.",
    ),
    Problem(
        "session_required",
        403,
        "Sign-in required",
        "An API token cannot do this. Sign in, and do it yourself.",
    ),
    Problem(
        "second_factor_setup_required",
        403,
        "Second factor required",
        "Set up a second factor (POST /api/v1/account/second-factor) before anything else.",
    ),
    Problem("not_found", 404, "Not found", "This does not exist, or you may not see it."),
    Problem("method_not_allowed", 405, "Method not allowed", "This address does not support that method."),
    Problem(
        "unique_id_taken",
        409,
        "Unique ID taken",
        "A patient with this unique ID exists already. Open that record, or choose another ID.",
    ),
    Problem(
        "unique_id_unavailable", 409, "Unique ID unavailable", "This unique ID cannot be used. Choose another one."
    ),
    Problem(
        "image_id_used",
        409,
        "Image id used",
        "Another photograph was uploaded under this id. Upload this one under a new id.",
    ),
    Problem(
        "patient_merged",
        409,
        "Record merged",
        "This record is merged into another one, named in 'patient'. Make the change there.",
    ),
    Problem(
        "patient_holds_merged",
        409,
        "Record holds others",
        "Other records are merged into this one. Merge the other way round, or take those merges back first.",
    ),
    Problem("same_patient", 409, "The same record", "A record cannot be merged into itself. Choose another one."),
    Problem(
        "too_many_merged",
        409,
        "Too many merged records",
        "As many records as possible are merged into this one. Take back a merge that is not needed.",
    ),
    Problem(
        "shared_by_merge",
        409,
        "Shared by a merge",
        "A record that this site sees is merged into the patient. Take the merge back first.",
    ),
    Problem(
        "entry_id_used",
        409,
        "Entry id used",
        "Another entry was created under this id. Create this one under a new id.",
    ),
    Problem(
        "notes_conflict",
        409,
        "Changed by two at once",
        "Somebody else changed the same paragraph of these notes. Load them again, choose what is to stay, and save that.",
    ),
    Problem(
        "notes_too_long",
        422,
        "Notes too long",
        "Together with what somebody else wrote meanwhile these notes are too long. Shorten them, and save again.",
    ),
    Problem(
        "image_in_workspace",
        409,
        "In a workspace",
        "The workspaces of the entries named in 'entries' hold this photograph. Remove it there first.",
    ),
    Problem(
        "image_in_comparison",
        409,
        "In a comparison",
        "The comparisons named in 'comparisons' use the photographs named in 'images'. Take them out there, or delete those comparisons, first.",
    ),
    Problem(
        "image_not_in_workspace",
        409,
        "Not in the workspace",
        "The photographs named in 'images' are not in the workspace of this entry. Add them there first, or choose others.",
    ),
    Problem(
        "comparison_id_used",
        409,
        "Comparison id used",
        "Another comparison was created under this id. Create this one under a new id.",
    ),
    Problem(
        "too_many_comparisons",
        409,
        "Too many comparisons",
        "An entry has 100 comparisons at most. Delete one first.",
    ),
    Problem(
        "reference_not_compared",
        422,
        "No reference",
        "The reference has to be one of the comparison's photographs. Choose one of them as 'reference'.",
    ),
    Problem(
        "image_moving",
        409,
        "On its way",
        "The photograph is on its way to another patient. Wait until it has arrived, and go on there.",
    ),
    Problem(
        "image_in_pool",
        409,
        "In that pool already",
        "The pool of that patient has this photograph already, named in 'image'. It stays where it is.",
    ),
    Problem(
        "move_to_same_patient",
        409,
        "The same patient",
        "The photograph belongs to this patient already. Choose another one.",
    ),
    Problem(
        "unique_id_differs",
        409,
        "Another unique ID",
        "This is not the unique ID of the patient that the photograph would go to. Look the patient up again, and confirm with that one's ID.",
    ),
    Problem("image_not_failed", 409, "Nothing to retry", "Only a photograph whose processing failed can be retried."),
    Problem(
        "image_not_ready",
        409,
        "Photograph not ready",
        "The photograph is still being processed, is on its way to another patient, or was rejected.",
    ),
    Problem(
        "licence_expired",
        409,
        "Licence expired",
        "The licence of this installation expired on the day in 'valid_until'. Photographs can be seen and exported; to add new ones an administrator has to install a new licence.",
    ),
    Problem(
        "licence_missing",
        409,
        "No licence",
        "This installation has no licence. Photographs can be seen and exported; to add new ones an administrator has to install a licence.",
    ),
    Problem(
        "licence_invalid",
        409,
        "Licence not valid",
        "The licence of this installation is not valid, for the cause in 'reason'. Photographs can be seen and exported; to add new ones an administrator has to see to the licence.",
    ),
    Problem(
        "consent_required",
        409,
        "Consent required",
        "The patient's consent to photography is missing. The consent form must be completed first; then upload the photographs again.",
    ),
    Problem(
        "consent_not_given",
        409,
        "No consent in force",
        "There is no consent in force that could be revoked.",
    ),
    Problem(
        "consent_form_changed",
        409,
        "Form changed",
        "Another version of the consent form is in force meanwhile. Show that one, and have it signed.",
    ),
    Problem(
        "site_limit_reached",
        409,
        "No further site",
        "The licence of this installation allows no further site. Install a licence for more sites, then open this one.",
    ),
    *(
        Problem(f"licence_file_{reason}", 422, "Licence not installed", f"{sentence} Nothing was changed.")
        for reason, sentence in SENTENCES.items()
        if reason in REFUSED_FILES
    ),
    Problem("patient_deleted", 409, "Patient deleted", "The patient record was deleted; nothing can be added to it."),
    Problem(
        "patient_in_sight",
        409,
        "No emergency access needed",
        "You may see this patient anyway. Open the record in the Patient Database.",
    ),
    Problem(
        "tag_name_taken",
        409,
        "Name taken",
        "There is one of this name already, perhaps a retired one. Bring that one back, or choose another name.",
    ),
    Problem(
        "tag_retired",
        409,
        "Tag retired",
        "This tag is retired: it stays where it is, and cannot be assigned any more. Choose another one.",
    ),
    Problem(
        "tag_of_another_site",
        409,
        "Tag of another site",
        "This tag belongs to another site than the patient. Choose one of the patient's home site or of the whole installation.",
    ),
    Problem(
        "tag_inherited",
        409,
        "Tag inherited",
        "This tag comes from photographs, and goes away when none of them has it any more. Remove it there.",
    ),
    Problem(
        "date_in_future",
        422,
        "Date in the future",
        "A photograph cannot have been taken in the future. Choose the date on which it was taken.",
    ),
    Problem(
        "beside_itself",
        422,
        "Beside itself",
        "A photograph cannot be put beside itself. Choose another one of the pool.",
    ),
    Problem(
        "workspace_full",
        409,
        "Workspace full",
        "The workspace of an entry holds 1,000 photographs at most. Remove some first, or choose fewer.",
    ),
    Problem(
        "too_many_tags",
        409,
        "Too many tags",
        "No more tags fit here. Take one away first; a list's tags can be retired and renamed instead.",
    ),
    Problem(
        "login_taken",
        409,
        "User name taken",
        "Somebody has this user name already. Choose another one, or ask an administrator to give that person a role at your site.",
    ),
    Problem(
        "last_admin",
        409,
        "Last administrator",
        "This is the last administrator who can sign in. Make somebody else an administrator first.",
    ),
    Problem("own_account", 409, "Own account", "You cannot do this to your own account. Ask another administrator."),
    Problem("too_many_tokens", 409, "Too many tokens", "You have as many API tokens as you may. Revoke one first."),
    Problem(
        "second_factor_active",
        409,
        "Second factor active",
        "A second factor is set up already. Remove it first to set up another one.",
    ),
    Problem("second_factor_missing", 409, "No second factor", "There is no second factor yet. Set one up first."),
    Problem("length_required", 411, "Length required", "Send the file with a Content-Length header."),
    Problem(
        "stale_version",
        412,
        "Changed meanwhile",
        "Somebody else changed this meanwhile. Load it again, and repeat your change where it is still wanted.",
    ),
    Problem("too_large", 413, "Too large", "What was sent is larger than this installation accepts."),
    Problem(
        "archive_too_large",
        413,
        "Archive too large",
        "These photographs are more than 4 GiB together. Select fewer, and save them in several archives.",
    ),
    Problem(
        "unsupported_media_type",
        415,
        "Unsupported media type",
        "Send JSON in UTF-8, with the header Content-Type: application/json.",
    ),
    Problem("empty_file", 422, "Empty file", "The file is empty. Choose it again, or take the photograph again."),
    Problem(
        "upload_incomplete", 400, "Upload incomplete", "Fewer bytes arrived than were announced. Send the file again."
    ),
    Problem(
        "weak_password",
        422,
        "Password too weak",
        "Use at least 12 characters with an upper-case and a lower-case letter, a digit and a special character, and not the old password.",
    ),
    Problem(
        "idempotency_key_reused",
        422,
        "Idempotency key reused",
        "This Idempotency-Key was used for a different request. Use a new one.",
    ),
    Problem(
        "too_many_subscriptions",
        409,
        "Too many subscriptions",
        "This connection follows as many patients as it may. Unsubscribe from one first.",
    ),
    Problem(
        "link_not_valid",
        422,
        "Link not valid",
        "This link was used, replaced or has expired. Ask your administrator for a new one.",
    ),
    Problem(
        "if_match_required",
        428,
        "If-Match required",
        "Send the version that you change, as the ETag that you were given, in the header If-Match.",
    ),
    Problem("headers_too_large", 431, "Headers too large", "The headers of the request are too large."),
    Problem("range_not_satisfiable", 416, "Range not satisfiable", "The requested range lies outside the file."),
    Problem(
        "too_many_exports",
        429,
        "Too many exports",
        "You have as many exports under way as you may. Wait until one has ended, or cancel it.",
    ),
    Problem(
        "too_many_archives",
        429,
        "Too many archives",
        "You are saving as many archives as you may at once. Wait until one is complete, or cancel it.",
    ),
    Problem("rate_limited", 429, "Too many requests", "Wait a moment, then try again."),
    Problem(
        "internal",
        500,
        "Internal error",
        "Something went wrong on our side. Nothing of yours was lost; try again, and report the request id if it stays.",
    ),
    Problem(
        "damaged",
        500,
        "Stored file damaged",
        "The stored file failed its integrity check and was not shown. Tell your administrator the request id.",
    ),
    Problem(
        "provider_unavailable",
        503,
        "Provider not reachable",
        "Your organisation's sign-in cannot be reached right now. Try again in a moment.",
    ),
    Problem(
        "unavailable",
        503,
        "Temporarily unavailable",
        "A part of the system is not reachable right now. Try again in a moment.",
    ),
)

PROBLEMS: dict[str, Problem] = {p.code: p for p in _ALL}
"""The catalogue, by code."""
