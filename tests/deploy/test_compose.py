"""compose.yaml says what it should: no daemon is asked, the file is read."""

import re
from pathlib import Path

import pytest
import yaml

from gifting.platform.outbox import Queue
from tests.support.running import ROOT

FILE = ROOT / "deploy/compose.yaml"
COMPOSE = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OWN = sorted(name for name, service in SERVICES.items() if "build" in service)
RUNNING = sorted(set(SERVICES) - {"migrate"})


def words(name):
    return " ".join(SERVICES[name].get("command", []))


class TestServices:
    def test_are_those_of_the_product(self):
        assert set(SERVICES) == {
            "postgres",
            "valkey",
            "migrate",
            "web",
            "worker-documents",
            "worker-mail",
            "worker-default",
            "beat",
            "backup",
            "nginx",
        }

    def test_every_queue_has_a_worker_and_only_one_kind(self):
        served = [
            queue
            for name in SERVICES
            if (found := re.search(r"-Q (\S+)", words(name)))
            for queue in found[1].split(",")
        ]

        assert sorted(served) == sorted(queue.value for queue in Queue)

    def test_beat_cannot_be_scaled(self):
        beats = [name for name in SERVICES if " beat " in f" {words(name)} "]

        assert beats == ["beat"]
        assert SERVICES["beat"]["container_name"]
        assert SERVICES["beat"]["deploy"]["replicas"] == 1

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_images_have_a_version(self, name):
        _image, _, tag = SERVICES[name]["image"].partition(":")

        assert tag not in ("", "latest")

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_belong_to_a_host_by_profile_with_limits_and_a_log_that_ends(self, name):
        service = SERVICES[name]

        assert len(service["profiles"]) == 1
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
        assert "no-new-privileges:true" in service["security_opt"]

    @pytest.mark.parametrize("name", RUNNING)
    def test_come_back_and_are_looked_at(self, name):
        service = SERVICES[name]

        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or name == "web"  # web's is the image's own

    @pytest.mark.parametrize("name", OWN)
    def test_ours_write_nothing_but_their_volumes(self, name):
        service = SERVICES[name]

        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service

    @pytest.mark.parametrize("name", sorted(set(OWN) - {"migrate"}))
    def test_ours_wait_for_the_migration(self, name):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == (
            "service_completed_successfully"
        )

    def test_pages_go_before_jobs(self):
        shares = {name: service.get("cpu_shares", 1024) for name, service in SERVICES.items()}
        workers = {name for name in SERVICES if name.startswith("worker-")}

        assert {name for name in shares if shares[name] < shares["web"]} == workers

    def test_workers_have_time_to_finish_their_job(self):
        for name in SERVICES:
            if name.startswith("worker-"):
                assert int(SERVICES[name]["stop_grace_period"].rstrip("s")) > 150

    def test_only_nginx_is_reached_from_outside(self):
        assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["nginx"]
        assert COMPOSE["networks"]["inside"] == {"internal": True}
        for name in ("postgres", "valkey"):
            assert SERVICES[name]["networks"] == ["inside"]


class TestReferences:
    def test_name_only_what_is_there(self):
        for service in SERVICES.values():
            assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
            assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
            assert set(service.get("depends_on", {})) <= set(SERVICES)
            for volume in service.get("volumes", []):
                source = volume.partition(":")[0]
                assert source.startswith("./") or source in COMPOSE["volumes"]

    def test_secrets_come_from_files_that_git_does_not_keep(self):
        for secret in COMPOSE["secrets"].values():
            assert Path(secret["file"]).parent.name == "secrets"
        assert (ROOT / "deploy/secrets/.gitignore").read_text().splitlines()[1] == "*"

    def test_only_migration_and_backup_are_the_owner(self):
        owners = [n for n in OWN if "database_admin_url" in SERVICES[n]["secrets"]]

        assert sorted(owners) == ["backup", "migrate"]

    def test_every_secret_setting_is_read_from_its_secret(self):
        for name in OWN:
            service = SERVICES[name]
            named = {
                value.rpartition("/")[2]
                for key, value in service["environment"].items()
                if key.endswith("_FILE")
            }
            assert named == set(service["secrets"])
