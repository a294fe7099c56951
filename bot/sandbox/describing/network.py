"""`describe` of services and what leads to pods: endpoints, ingresses, network policies."""

from collections.abc import Sequence

from bot.sandbox.ages import read_time
from bot.sandbox.api import Refused
from bot.sandbox.describing.page import Page, pairs
from bot.sandbox.goprint import go_print
from bot.sandbox.lessons import of_service
from bot.sandbox.objects import SERVICE_NAME, Thing, pick, selector
from bot.sandbox.session import Session
from bot.sandbox.table.kinds import SERVICES, SLICES

SHOWN_ENDPOINTS = 3
UNSET, NONE = "<unset>", "<none>"


async def describe_service(session: Session, service: Thing, page: Page) -> None:
    spec = service["spec"]
    page.head(service)
    page.marks(service)
    page.row("Selector:", pairs(spec.get("selector")))
    page.row("Type:", spec.get("type", ""))
    if spec.get("ipFamilyPolicy"):
        page.row("IP Family Policy:", spec["ipFamilyPolicy"])
    page.row("IP Families:", ",".join(spec.get("ipFamilies") or ()) or NONE)
    page.row("IP:", spec.get("clusterIP", ""))
    page.row("IPs:", ",".join(spec.get("clusterIPs") or ()) or NONE)
    if spec.get("externalIPs"):
        page.row("External IPs:", ",".join(spec["externalIPs"]))
    for title, key in (("Desired LoadBalancer IP", "loadBalancerIP"), ("External Name", "externalName")):
        if spec.get(key):
            page.row(f"{title}:", spec[key])
    if balancers := pick(service, "status.loadBalancer.ingress", None):
        page.row("LoadBalancer Ingress:", ", ".join(map(balancer, balancers)))
    slices = await slices_of(session, service, pick(service, "metadata.name"))
    page.lesson = of_service(service, slices)
    for port in spec.get("ports") or ():
        write_port(page, port, slices)
    page.row("Session Affinity:", spec.get("sessionAffinity", ""))
    for title, key in (
        ("External Traffic Policy", "externalTrafficPolicy"),
        ("Internal Traffic Policy", "internalTrafficPolicy"),
        ("HealthCheck NodePort", "healthCheckNodePort"),
    ):
        if spec.get(key):
            page.row(f"{title}:", spec[key])
    if ranges := spec.get("loadBalancerSourceRanges"):
        page.row("LoadBalancer Source Ranges:", ",".join(ranges))
    if spec.get("trafficDistribution"):
        page.row("Traffic Distribution:", spec["trafficDistribution"])


def balancer(ingress: Thing) -> str:
    mode = f" ({ingress['ipMode']})" if ingress.get("ipMode") else ""
    return f"{ingress['ip']}{mode}" if ingress.get("ip") else str(ingress.get("hostname", ""))


def write_port(page: Page, port: Thing, slices: Sequence[Thing]) -> None:
    name, protocol = port.get("name") or UNSET, port.get("protocol", "")
    page.row("Port:", name, f"{port['port']}/{protocol}")
    page.row("TargetPort:", f"{port.get('targetPort', 0)}/{protocol}")
    if port.get("appProtocol"):
        page.row("AppProtocol:", port["appProtocol"])
    if port.get("nodePort"):
        page.row("NodePort:", name, f"{port['nodePort']}/{protocol}")
    page.row("Endpoints:", endpoints(slices, port.get("name", "")))


async def slices_of(session: Session, thing: Thing, service: str) -> Sequence[Thing]:
    """Raises Refused."""
    labels = f"{SERVICE_NAME}={service}"
    return await session.list(session.resource(SLICES), session.namespace_of(thing), labels=labels)


def endpoints(slices: Sequence[Thing], port_name: str) -> str:
    """The addresses that are ready, three of them."""
    if not slices:
        return NONE
    found: list[str] = []
    seen = 0
    for one in slices:
        ports = one.get("ports") or [None]
        for port in ports:
            if port and port.get("name", "") != port_name:
                continue
            for endpoint in one.get("endpoints") or ():
                seen += 1
                if pick(endpoint, "conditions.ready", True):
                    address = endpoint["addresses"][0]
                    found.append(joined(address, port["port"]) if port else address)
    more = len(found) > SHOWN_ENDPOINTS
    shown = ",".join(found[:SHOWN_ENDPOINTS])
    return f"{shown} + {len(found) - SHOWN_ENDPOINTS} more..." if more else shown


def joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


async def describe_endpoints(_: Session, found: Thing, page: Page) -> None:
    page.head(found)
    page.marks(found)
    page.row("Subsets:")
    for subset in found.get("subsets") or ():
        for title, key in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            page.row(f"{title}:", ",".join(one["ip"] for one in subset.get(key) or ()) or NONE, level=1)
        if ports := subset.get("ports"):
            page.row("Ports:", level=1)
            rows = [(port.get("name") or UNSET, port["port"], port.get("protocol", "")) for port in ports]
            page.table(("Name", "Port", "Protocol"), rows, level=2)
        page.write("\n")


async def describe_slice(_: Session, found: Thing, page: Page) -> None:
    page.head(found)
    page.marks(found)
    page.row("AddressType:", found.get("addressType", ""))
    page.row("Ports:" if found.get("ports") else f"Ports: {UNSET}")
    if ports := found.get("ports"):
        rows = [(port.get("name") or UNSET, port.get("port", UNSET), port.get("protocol", "")) for port in ports]
        page.table(("Name", "Port", "Protocol"), rows)
    page.row("Endpoints:" if found.get("endpoints") else f"Endpoints: {NONE}")
    for endpoint in found.get("endpoints") or ():
        page.row("- Addresses:", ", ".join(endpoint.get("addresses") or ()) or NONE, level=1)
        page.row("Conditions:", level=2)
        page.row("Ready:", go_print(pick(endpoint, "conditions.ready", UNSET)), level=3)
        page.row("Hostname:", endpoint.get("hostname", UNSET), level=2)
        if ref := endpoint.get("targetRef"):
            page.row("TargetRef:", f"{ref.get('kind', '')}/{ref.get('name', '')}", level=2)
        page.row("NodeName:", endpoint.get("nodeName", UNSET), level=2)
        page.row("Zone:", endpoint.get("zone", UNSET), level=2)


async def describe_ingress(session: Session, ingress: Thing, page: Page) -> None:
    spec = ingress["spec"]
    page.row("Name:", pick(ingress, "metadata.name"))
    page.labels("Labels", pick(ingress, "metadata.labels", None))
    page.row("Namespace:", pick(ingress, "metadata.namespace"))
    addresses = {one.get("ip") or one.get("hostname", "") for one in pick(ingress, "status.loadBalancer.ingress", ())}
    page.row("Address:", ",".join(sorted(addresses - {""})))
    page.row("Ingress Class:", spec.get("ingressClassName", NONE))
    default = spec.get("defaultBackend")
    backend = await backend_line(session, ingress, default) if default else "<default>"
    page.row("Default backend:", backend)
    if tls := spec.get("tls"):
        page.row("TLS:")
        for one in tls:
            start = f"{one['secretName']} terminates" if one.get("secretName") else "SNI routes"
            page.row(f"{start} {','.join(one.get('hosts') or ())}", level=1)
    page.row("Rules:")
    page.table(("Host", "Path", "Backends"), ())
    rules = [rule for rule in spec.get("rules") or () if rule.get("http")]
    for rule in rules:
        page.row(rule.get("host") or "*", "", level=1)
        for path in rule["http"].get("paths") or ():
            page.row("", f"{path.get('path', '')} ", await backend_line(session, ingress, path["backend"]), level=2)
    if not rules:
        page.row("*", "*", backend, level=1)
    page.annotations("Annotations", pick(ingress, "metadata.annotations", None))


async def backend_line(session: Session, ingress: Thing, backend: Thing) -> str:
    """`web:80 (10.0.0.1:80)`"""
    service = backend.get("service")
    if not service:
        ref = backend.get("resource") or {}
        return f"APIGroup: {ref.get('apiGroup', NONE)}, Kind: {ref.get('kind', '')}, Name: {ref.get('name', '')}"
    wanted = service.get("port") or {}
    told = f"{service['name']}:{wanted.get('number') or wanted.get('name', '')}"
    try:
        slices = await slices_of(session, ingress, service["name"])
        found = await session.read(session.resource(SERVICES), session.namespace_of(ingress), service["name"])
    except Refused as error:
        return f"{told} (<error: {error}>)"
    ports = found["spec"].get("ports") or ()
    number, name = wanted.get("number"), wanted.get("name")
    named = [port.get("name", "") for port in ports if port["port"] == number or (name and port.get("name") == name)]
    return f"{told} ({endpoints(slices, named[-1] if named else '')})"


async def describe_network_policy(_: Session, policy: Thing, page: Page) -> None:
    spec = policy["spec"]
    page.head(policy)
    created = read_time(pick(policy, "metadata.creationTimestamp"))
    page.row("Created on:", f"{created:%Y-%m-%d %H:%M:%S +0000 UTC}")
    page.marks(policy)
    page.row("Spec:")
    every = "<none> (Allowing the specific traffic to all pods in this namespace)"
    page.row(f"PodSelector:     {selector(spec.get('podSelector')) or every}", level=1)
    types = spec.get("policyTypes") or ()
    for kind, key, side, port in (("Ingress", "ingress", "From", "from"), ("Egress", "egress", "To", "to")):
        if kind in types:
            page.row(f"Allowing {key} traffic:", level=1)
            write_rules(page, spec.get(key) or (), key, side, port)
        else:
            page.row(f"Not affecting {key} traffic", level=1)
    page.row(f"Policy Types: {', '.join(types) or NONE}", level=1)


def write_rules(page: Page, rules: Sequence[Thing], traffic: str, side: str, key: str) -> None:
    if not rules:
        page.row(f"{NONE} (Selected pods are isolated for {traffic} connectivity)", level=2)
    for place, rule in enumerate(rules, start=1):
        for port in rule.get("ports") or ():
            protocol, number, end = port.get("protocol", "TCP"), port.get("port", "<nil>"), port.get("endPort")
            page.row(
                f"To Port: {number}/{protocol}" if end is None else f"To Port Range: {number}-{end}/{protocol}", level=2
            )
        if not rule.get("ports"):
            page.row("To Port: <any> (traffic allowed to all ports)", level=2)
        for peer in rule.get(key) or ():
            page.row(f"{side}:", level=2)
            write_peer(page, peer)
        if not rule.get(key):
            what = "source" if side == "From" else "destination"
            page.row(f"{side}: <any> (traffic not restricted by {what})", level=2)
        if place < len(rules):
            page.row("-" * 10, level=2)


def write_peer(page: Page, peer: Thing) -> None:
    for title, key in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")):
        if peer.get(key) is not None:
            page.row(f"{title}: {selector(peer[key]) or NONE}", level=3)
    if block := peer.get("ipBlock"):
        page.row("IPBlock:", level=3)
        page.row(f"CIDR: {block['cidr']}", level=4)
        page.row(f"Except: {', '.join(block.get('except') or ())}", level=4)
