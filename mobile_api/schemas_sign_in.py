"""What signing in on a phone takes and gives."""

from __future__ import annotations

import marshmallow as ma

from onething.domain.phones import Provider
from web.schema import AnswerSchema, RequestSchema, choice, many, one, one_of, text, word, yes_no
from web.schemas_guide import Label

PROVIDERS = tuple(provider.value for provider in Provider)
CODE_PROVIDERS = tuple(provider for provider in PROVIDERS if provider != Provider.PROVINCE)


class CodeRequest(RequestSchema):
    """A login code that WeChat or Alipay has given the phone."""

    provider = choice(*CODE_PROVIDERS)
    code = text(400, shortest=1)
    device = text(60, shortest=1, about="What the person knows this phone by")


class StepRequest(RequestSchema):
    """Nothing: a way out to the province's identity is asked for."""


class ProofRequest(RequestSchema):
    """What the province's identity answered, and the step by which the phone went there."""

    step = text(120, shortest=1)
    code = text(400, shortest=1)
    state = text(200, shortest=1)
    iss = text(400, required=False)


class ProvinceSignInRequest(ProofRequest):
    """The same for signing in."""

    device = text(60, shortest=1)


class RefreshRequest(RequestSchema):
    """A refresh token; used once."""

    refresh_token = text(200, shortest=1)


class SignOutRequest(RequestSchema):
    """This phone only, or every sign-in of the person."""

    everywhere = ma.fields.Boolean(truthy={True}, falsy={False}, required=True)


class ReturnQuery(RequestSchema):
    """What the province's identity sends along with the phone it sends back."""

    code = text(400, required=False)
    state = text(200, required=False)
    iss = text(400, required=False)
    error = text(200, required=False)

    class Meta:
        unknown = ma.EXCLUDE


class ProviderView(Label):
    """A way of signing in."""

    code = one_of(PROVIDERS)


class ProviderList(AnswerSchema):
    """The ways of signing in that this county offers."""

    providers = many(ProviderView)


class SignInView(AnswerSchema):
    """Who is signed in on this phone; name and number only once proven, and masked."""

    sign_in = word()
    provider = one_of(PROVIDERS)
    known_by_name = yes_no()
    masked_name = word(or_null=True)
    masked_id_number = word(or_null=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class TokenPair(AnswerSchema):
    """Tokens for the phone alone: the first goes into Authorization: Bearer, the second gets new ones."""

    access_token = word()
    refresh_token = word()
    access_until = ma.fields.AwareDateTime(required=True)
    refresh_until = ma.fields.AwareDateTime(required=True)


class SignedIn(SignInView, TokenPair):
    """A phone that has just signed in."""


class StepView(AnswerSchema):
    """Where to send the phone; ``step`` is a secret of the phone's until it is back."""

    step = word()
    address = word()
    expires_at = ma.fields.AwareDateTime(required=True)


class ReturnView(AnswerSchema):
    """What is to be handed in with the step."""

    code = word(or_null=True)
    state = word(or_null=True)
    iss = word(or_null=True)
    error = word(or_null=True)


class SignInLine(AnswerSchema):
    """One phone signed in."""

    id = word()
    provider = one_of(PROVIDERS)
    device = word()
    started_at = ma.fields.AwareDateTime(required=True)
    seen_at = ma.fields.AwareDateTime(required=True)
    here = yes_no()


class SignInList(AnswerSchema):
    """Where the person is signed in."""

    current = one(SignInView)
    sign_ins = many(SignInLine)


class BindingLine(AnswerSchema):
    """One account bound to the person."""

    id = word()
    provider = one_of(PROVIDERS)
    bound_at = ma.fields.AwareDateTime(required=True)
    here = yes_no()


class BindingList(AnswerSchema):
    """The accounts bound to the person."""

    bindings = many(BindingLine)
