"""The community's tone of voice: tu or vous, its words, every standard sentence in its own wording, with preview."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from plugins.contract import Plugin
from plugins.settings import FormErrors, parse_form, to_json
from plugins.voice import Voice, VoiceError
from webhooks import settings_store
from webhooks.tone import TONE, Tone, keep_sentence, last_change, own_sentences, tone_of, unreadable
from webhooks.views.console_changes import put_back_change, shown_changes
from webhooks.views.console_guard import LEADS, needs, someone
from webhooks.views.console_here import now, service, words
from webhooks.views.console_plugin_facts import title_of
from webhooks.views.console_sentences import Sentence, TypedForm, fault_of, sentence_keys, sentence_of, speaking
from webhooks.views.console_setting_fields import form_fields
from webhooks.views.console_words import LANGUAGES

blueprint = Blueprint("console_voice", __name__, url_prefix="/console/voice")


@blueprint.get("")
@needs(*LEADS)
def page() -> ResponseReturnValue:
    """The tone, and the list of all sentences with those that it finds fault with first."""
    return _page()


@blueprint.post("")
@needs(*LEADS)
def save() -> ResponseReturnValue:
    """Save the tone; a line that is no pair is named and nothing is saved."""
    say, site = words(), service().site
    sent = {key: values for key, values in request.form.lists() if key != "csrf_token"}
    with service().database.begin() as connection:
        before = tone_of(connection, site)
        parsed = parse_form(Tone, sent, before)
        if isinstance(parsed, FormErrors):
            return _page({name: say.pick(wrong) for name, wrong in parsed.by_field.items()}, sent), 422
        wrong = {
            name: say("voice.no_pair", line=bad[0])
            for name in ("use_fr", "use_en")
            if (bad := unreadable(getattr(parsed, name)))
        }
        if wrong:
            return _page(wrong, sent), 422
        old = to_json(before)
        values = {name: value for name, value in to_json(parsed).items() if old[name] != value}
        settings_store.save(connection, site, TONE, values, who=someone().username, now=now())
    flash(say("common.saved"), "good")
    return redirect(url_for("console_voice.page"), 303)


@blueprint.post("/put-back")
@needs(*LEADS)
def put_back() -> ResponseReturnValue:
    """Take one change of the tone back."""
    change = request.form.get("change", type=int) or 0
    with service().database.begin() as connection:
        problem = put_back_change(connection, TONE, change, who=someone().username, now=now())
    flash(problem or words()("plugins.put_back_done"), "warning" if problem else "good")
    return redirect(url_for("console_voice.page"), 303)


@blueprint.get("/<name>/<key>")
@needs(*LEADS)
def sentence(name: str, key: str) -> ResponseReturnValue:
    """One sentence in both languages, with all its wordings and how they will read."""
    plugin = _known(name, key)
    with service().database.read() as connection:
        return _sentence(connection, plugin, key, {})


@blueprint.post("/<name>/<key>")
@needs(*LEADS)
def change(name: str, key: str) -> ResponseReturnValue:
    """Look at the sentence as typed, keep it, or go back to the plugin's own words."""
    plugin, wish = _known(name, key), request.form.get("do", "preview")
    typed = {field: texts for field, texts in request.form.lists() if field.count("|") == 1}
    if wish == "plugin":
        with service().database.begin() as connection:
            for lang in LANGUAGES:
                keep_sentence(connection, service().site, name, lang, key, {}, who=someone().username, now=now())
        flash(words()("voice.back_to_plugin"), "good")
        return redirect(url_for("console_voice.page") + f"#s-{name}-{key}", 303)
    if wish != "save":
        with service().database.read() as connection:
            return _sentence(connection, plugin, key, typed)
    with service().database.begin() as connection:
        voice = speaking(connection, plugin)
        made = {lang: TypedForm.of(voice, lang, key, typed) for lang in LANGUAGES}
        if any(form.problems for form in made.values()):
            return _sentence(connection, plugin, key, typed), 422
        for lang, form in made.items():
            if form.changed:
                keep_sentence(
                    connection, service().site, name, lang, key, form.forms, who=someone().username, now=now()
                )
    flash(words()("common.saved"), "good")
    return redirect(url_for("console_voice.page") + f"#s-{name}-{key}", 303)


def _known(name: str, key: str) -> Plugin:
    plugin = service().registry.get(name)
    if plugin is None or plugin.folder is None:
        abort(404)
    with service().database.read() as connection:
        voice = speaking(connection, plugin)
    if key not in set(voice.keys()):
        abort(404)
    return plugin


def _sentence(connection: Connection, plugin: Plugin, key: str, typed: dict[str, list[str]]) -> str:
    voice = speaking(connection, plugin)
    shown: list[tuple[str, TypedForm]] = [(lang, TypedForm.of(voice, lang, key, typed)) for lang in LANGUAGES]
    own = own_sentences(connection, service().site, plugin.name)
    return render_template(
        "console/voice_sentence.html",
        plugin={"name": plugin.name, "title": title_of(plugin)},
        key=key,
        languages=sorted(shown, key=lambda one: one[0] != service().config.language_list[0]),
        values=sorted(voice.entry(key, "en").placeholders),
        is_own=any(key in texts for texts in own.values()),
        last=last_change(connection, service().site, plugin.name, key),
    )


def _page(errors: dict[str, str] | None = None, typed: Any = None) -> str:
    groups: list[dict[str, Any]] = []
    faults: list[dict[str, str]] = []
    with service().database.read() as connection:
        tone = tone_of(connection, service().site)
        for plugin in service().registry:
            shown = _sentences(connection, plugin)
            if shown:
                groups.append({"name": plugin.name, "title": title_of(plugin), "sentences": shown})
                faults += [
                    {"text": one.fault, "path": url_for("console_voice.sentence", name=plugin.name, key=one.key)}
                    for one in shown
                    if one.fault
                ]
    return render_template(
        "console/voice.html",
        fields=form_fields(Tone, tone, typed),
        errors=errors or {},
        groups=groups,
        faults=faults,
        plugin={"name": "", "title": ""},
        put_back_path=url_for("console_voice.put_back"),
        may_change=True,
        changes=shown_changes(TONE, Tone),
    )


def _sentences(connection: Connection, plugin: Plugin) -> list[Sentence]:
    """A plugin's sentences as the community says them; none where it has no texts, or broken ones."""
    try:
        voice: Voice = speaking(connection, plugin)
    except VoiceError:
        return []
    own = own_sentences(connection, service().site, plugin.name)
    return [sentence_of(voice, key, own, fault_of(voice, key, own)) for key in sentence_keys(voice)]
