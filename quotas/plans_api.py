"""``/api/plans`` for operators, and ``/api/organizations/{organization}/quota/plan``."""

from uuid import UUID

from django.db.models import Count, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import actor_of, person
from audit.actors import Means
from orgs.models import Organization
from quotas import access, plans, rate_limits
from quotas.models import InstanceQuota, Plan
from quotas.plans import Offer
from quotas.serializers import (
    OrganizationPlanOutput,
    PlanChoice,
    PlanSerializer,
    plan_of_organization,
)
from quotas.usage import RESOURCES
from redisgate.lib.ordering import StableOrderingFilter
from redisgate.lib.private_view import PrivateView
from redisgate.lib.searching import BoundedSearchFilter


class PlansView(PrivateView, GenericAPIView[Plan]):
    """What every operation on plans starts with."""

    serializer_class = PlanSerializer

    def get_queryset(self) -> QuerySet[Plan]:
        return Plan.objects.annotate(organizations=Count("quotas"))

    def shown(self, plan: Plan) -> dict[str, object]:
        return dict(PlanSerializer(self.get_queryset().get(pk=plan.pk)).data)


class PlanList(PlansView):
    filter_backends = (BoundedSearchFilter, StableOrderingFilter)
    search_fields = ("name",)
    ordering_fields = ("name", "created_at")
    ordering = ("name",)

    def get(self, request: Request) -> Response:
        """List the plans, with how many organizations have each."""
        access.require_operator(person(request))
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(PlanSerializer(page, many=True).data)

    @extend_schema(responses={201: PlanSerializer})
    def post(self, request: Request) -> Response:
        """Make a plan."""
        access.require_operator(person(request))
        wish = PlanSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        plan = plans.create(actor_of(request, Means.API), Offer(**wish.validated_data))
        headers = {"Location": f"/api/plans/{plan.pk}"}
        return Response(self.shown(plan), status=201, headers=headers)


class PlanDetail(PlansView):
    def get(self, request: Request, plan: UUID) -> Response:
        """Show one plan."""
        access.require_operator(person(request))
        return Response(self.shown(plans.find(plan)))

    def patch(self, request: Request, plan: UUID) -> Response:
        """Change a plan, for every organization that has it."""
        access.require_operator(person(request))
        found = plans.find(plan)
        wish = PlanSerializer(data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        changed = plans.update(actor_of(request, Means.API), found, **wish.validated_data)
        return Response(self.shown(changed))


class OrganizationPlan(PrivateView):
    """The plan that an organization has; operators choose it."""

    accepts_management_keys = True

    @extend_schema(responses=OrganizationPlanOutput)
    def get(self, request: Request, org: UUID) -> Response:
        """Show the plan and what is overridden."""
        return Response(_shown(access.to_see(person(request), org)))

    @extend_schema(request=PlanChoice, responses=OrganizationPlanOutput)
    def put(self, request: Request, org: UUID) -> Response:
        """Give the organization another plan."""
        organization = access.to_change(person(request), org)
        choice = PlanChoice(data=request.data)
        choice.is_valid(raise_exception=True)
        plan = plans.find(choice.validated_data["plan"])
        actor = actor_of(request, Means.API)
        plans.assign(actor, organization, plan)
        if "rate_limit" in choice.validated_data:
            rate_limits.override(actor, organization, choice.validated_data["rate_limit"])
        return Response(_shown(organization))


def _shown(organization: Organization) -> object:
    quota = InstanceQuota.objects.select_related("plan").get(organization=organization)
    limited = (*RESOURCES, "rate_limit")
    overrides = {name: getattr(quota, f"{name}_override") for name in limited}
    return plan_of_organization(quota.plan, overrides)
