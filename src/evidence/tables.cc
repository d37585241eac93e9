#include "evidence/tables.h"

#include "base/result.h"
#include "evidence/claims.h"

namespace assay::evidence {
namespace {

using std::string_view;

Column text(const char* name, const char* meaning) { return {name, Type::text, false, meaning}; }
Column coded(const char* name, const char* meaning) { return {name, Type::text, true, meaning}; }
Column integer(const char* name, const char* meaning) { return {name, Type::integer, false, meaning}; }
Column real(const char* name, const char* meaning) { return {name, Type::real, false, meaning}; }

// Every fact begins with these and ends with these.
Table fact(const char* name, const char* meaning, std::vector<Column> own) {
  Table t{name, Kind::fact, meaning, {}};
  t.columns = {text("id", "stable for equal inputs: the table's name and twelve digits of a digest of the row"),
               text("artefact", "SHA-256 of the artefact it was seen in"),
               coded("source", "firmware, app, capture, probe, batch, page, document, dossier or person"),
               text("place", "path inside nested containers, or capture, or document"),
               integer("at", "byte offset in the last part of place, frame number, or line")};
  for (Column& c : own) t.columns.push_back(std::move(c));
  t.columns.push_back(text("examiner", "who saw it, with version: accounts/1"));
  t.columns.push_back(coded("confidence", "high, medium or low"));
  return t;
}

std::vector<Table> make() {
  std::vector<Table> all = {
      fact("node", "a container or part found in an artefact",
           {text("parent", "id of the node it lies in; null: the artefact itself"),
            coded("format", "name of the format, `data` where none is known"),
            integer("offset", "bytes, in the parent"), integer("size", "bytes"), text("title", "what it calls itself"),
            coded("status", "whole, partial or refused"), text("reason", "why partial or refused")}),
      fact(
          "ledger", "a byte range of an artefact or of a part that was searched",
          {integer("offset", "bytes"), integer("size", "bytes"), coded("state", "claimed, padding, unknown or refused"),
           text("reason", "the format that claims it, the padding byte, or why it was refused"),
           text("entropy", "bits a byte with a word: 7.99 compressed or encrypted; of unknown ranges")}),
      fact("file", "a file in a recovered tree",
           {text("path", "from the tree's root, with a leading slash"),
            coded("type", "file, directory, symlink, hardlink, block device, char device, fifo or socket"),
            integer("size", "bytes"), integer("mode", "permission bits, setuid and the like included"),
            integer("uid", "owner"), integer("gid", "group"),
            text("target", "of links: as written; of devices: major:minor"),
            text("sha256", "of the content, hex; null for all but files"),
            coded("kind",
                  "what the first bytes say: elf, script, text, certificate, key, archive, image, empty, data")}),
      fact("component", "a software component",
           {text("name", "as its own project calls it"), text("version", "as found; null: not found"),
            text("supplier", "who makes or packages it"), text("purl", "package URL"), text("cpe", "CPE 2.3"),
            coded("method", "package-db, string, kernel, soname or file"), text("architecture", "of the package"),
            text("status", "of the package: installed, …")}),
      fact("vulnerability", "a known vulnerability that may concern a component",
           {text("component", "id of the component"), text("advisory", "CVE or other id"),
            coded("severity", "critical, high, medium, low"), real("score", "CVSS base score, 0 to 10"),
            integer("kev", "1: known to be exploited"), real("epss", "probability, 0 to 1"),
            text("fixed_in", "version"), coded("status", "VEX: affected, not_affected, fixed, under_investigation"),
            text("reason", "of the status")}),
      fact(
          "account", "a user account",
          {text("user", "login name"), integer("uid", "number"), text("shell", "login shell"),
           coded("hash_kind", "none, descrypt, md5crypt, sha256crypt, sha512crypt, bcrypt, yescrypt, plain or unknown"),
           coded("state", "locked, empty, hashed or unknown"),
           coded("password_class",
                 "none (empty), default-list, derived, unknown; locked for accounts that cannot log in by password"),
           text("rewritten_by", "what replaces the password at first start; null: nothing seen"),
           text("digest", "SHA-256 of the hash field, to see the same one elsewhere"),
           text("list", "name of the default list that opened the hash")}),
      fact("secret", "a key, token or password found",
           {coded("kind", "private-key, password, token, psk or symmetric-key"),
            text("algorithm", "rsa-2048, ed25519, …"), text("redacted", "what may be shown of it"),
            text("digest", "SHA-256 of the secret, or of the public key of a private one"),
            coded("usage", "host-key, tls, update, vpn, wifi, login or unknown"),
            integer("encrypted", "1: protected by a pass phrase"),
            text("known_test_key", "name of the test key it is; null: none known")}),
      fact("public_key", "a public key found",
           {coded("kind", "usign, ssh, pem, apk or gpg"), text("algorithm", "ed25519, rsa-2048, …"),
            text("fingerprint", "as its own tools show it"), coded("usage", "update, login or unknown"),
            text("comment", "as written beside it")}),
      fact("certificate", "an X.509 certificate",
           {text("subject", "RFC 4514"), text("issuer", "RFC 4514"), text("serial", "hex"),
            text("key", "rsa-2048, p-256, …"), text("signature_algorithm", "sha256WithRSAEncryption, …"),
            text("not_before", "date"), text("not_after", "date"), integer("ca", "1: may sign others"),
            text("spki_sha256", "of the public key, hex"), integer("self_signed", "1: issuer and subject are one"),
            coded("usage", "trust-store, server, client, update or unknown")}),
      fact("binary", "an executable or library",
           {text("path", "from the tree's root"), coded("arch", "mips, arm, aarch64, x86, x86-64, riscv, ppc, …"),
            integer("bits", "32 or 64"), coded("endian", "little or big"),
            coded("linkage", "static, dynamic, library, module or object"), coded("nx", "yes, no or unknown"),
            coded("pie", "yes, no or unknown; not-applicable for libraries"),
            coded("relro", "full, partial, none or unknown"), coded("canary", "yes, no or unknown"),
            coded("fortify", "yes, no or unknown"), coded("stripped", "yes, no or unknown"),
            text("runpath", "RPATH or RUNPATH"), text("needed", "libraries, comma-separated"),
            text("interpreter", "program interpreter"), text("soname", "of a library")}),
      fact("service", "a program started on the device",
           {text("name", "short: telnetd"), text("path", "program"),
            coded("started_by", "inittab, sysv, procd, systemd, rc.local, inetd, cron, script or unknown"),
            text("user", "as whom it runs; root where nothing says otherwise"), text("arguments", "as written"),
            coded("enabled", "yes, no or unknown"), text("started_in", "file that starts it")}),
      fact("listener", "an address a service or device listens on; source firmware: from its configuration",
           {coded("proto", "tcp, udp or unknown"), text("address", "IP address; null: all"), integer("port", "number"),
            text("service", "program: telnetd"),
            coded("auth", "password, key, none or unknown: what it asks for, where that shows"),
            integer("encrypted", "1: its protocol encrypts; 0: it does not")}),
      fact("update", "a part of the update chain",
           {coded("kind", "signature, encryption, mechanism, feed, transport or anti-rollback"),
            coded("present", "yes, no or unknown"), text("detail", "what was seen"),
            text("url", "of feeds and downloads"), coded("scheme", "https, http, ftp, file or unknown")}),
      fact("kernel", "a kernel",
           {text("version", "4.4.182"), coded("arch", "as in binary, or unknown"),
            text("banner", "as it stands in the image"), text("options", "those known, comma-separated"),
            coded("options_source", "ikconfig, file, modules, none or unknown")}),
      fact("host", "a host in a capture",
           {text("mac", ""), text("ip", ""), text("name", ""), text("vendor", ""),
            coded("role", "device, phone, gateway, cloud or unknown")}),
      fact("flow", "a connection",
           {text("client", "address"), text("server", "address"), coded("proto", "tcp, udp, …"),
            integer("port", "of the server"), coded("application", "protocol"), integer("packets", "count"),
            integer("bytes", "of payload"), text("first", "time"), text("last", "time"),
            coded("encrypted", "yes, no or unknown")}),
      fact("tls_session", "a TLS or DTLS session",
           {text("flow", "id"), coded("version", "1.2, 1.3, …"), coded("cipher", "name"), text("sni", "server name"),
            text("offered_versions", ""), coded("forward_secrecy", "yes, no or unknown"), text("certificate", "id"),
            coded("chain_status", "valid, expired, self-signed, incomplete or unknown"),
            coded("client_verdict", "accepted, refused or unknown")}),
      fact("cleartext", "something readable that should not be",
           {text("flow", "id"), coded("protocol", "name"),
            coded("kind", "credential, token, personal-data, identifier or executable"), text("redacted", ""),
            text("digest", "SHA-256"), coded("default_pair", "yes, no or unknown")}),
      fact("transfer", "an object carried over the network",
           {text("flow", "id"), text("url", ""), text("media", "type"), integer("size", "bytes"), text("sha256", ""),
            coded("executable", "yes, no or unknown"), coded("encrypted_channel", "yes, no or unknown")}),
      fact("discovery", "what a device announces",
           {coded("protocol", "mdns, ssdp, ble, …"), text("name", ""), text("model", ""), text("version", ""),
            text("identifiers", "")}),
      fact("unit_password", "a preset password of one device of a batch, redacted, by digest",
           {text("entry", "the claim it belongs to"), text("serial", ""), text("identifiers", ""),
            text("digest", "SHA-256, keyed by the batch's file: equal only for equal passwords of one batch"),
            coded("class", "default-list, derived, weak or unknown"),
            text("detail", "what was found of it, in words, without the password"),
            text("bans", "requirements of the UK law that it breaks: uk-psti:S1P1.3a, …, comma-separated")}),
      fact("page", "a published page and what it says",
           {text("url", ""), text("retrieved", "date"),
            coded("kind", "disclosure-policy, support-period, security.txt or statement"), text("field", "what"),
            text("value", "as it says")}),
      fact("document", "a page or paper offered as evidence",
           {text("url", ""), text("path", "in the dossier"), text("title", ""),
            text("sha256", "hex; null: the file is missing"), text("retrieved", "date"),
            text("kind", "manual, policy, datasheet, …")}),
      fact("person", "what a person did or saw",
           {coded("kind", "verdict, observation, scope or close"), text("unit", "test unit"),
            text("entry", "of the unit; null: the whole"), text("value", "pass, fail, inconclusive, or what was seen"),
            text("by", "name"), text("date", "day"), text("reason", "as given"), text("evidence", "file"),
            text("rows_digest", "digest of what was shown"), text("overrules", "row ids, comma-separated"),
            text("closes", "id of the row set aside")}),
      {"artefact",
       Kind::coverage,
       "something to look at: a file, a probe session, a person's look",
       {text("id", "SHA-256, or artefact-N where there is no file"), text("sha256", "hex"),
        coded("source", "as in facts"), text("name", "as given"), coded("kind", "firmware, dossier, capture, …"),
        integer("size", "bytes"), text("looks", "JSON: planned looks, [{table, examiner, scope}]")}},
      {"examined",
       Kind::coverage,
       "an examiner goes through this artefact for facts of one table",
       {text("id", "stable"), text("artefact", "id"), coded("source", "as in facts"), text("tbl", "table"),
        text("examiner", "with version"),
        text("scope", "JSON object: what bounds the look; numbers are numbers, words are from a list"),
        integer("complete", "1: read to its end, and not empty")}},
      {"unexamined",
       Kind::coverage,
       "a part that could not be looked at",
       {text("id", "stable"), text("artefact", "id"), text("place", "where"), coded("source", "as in facts"),
        text("tbl", "table; null: every table of that source"), text("examiner", "who could not"),
        text("reason", "why"), text("closed_by", "id of the person's row that sets it aside; null: open")}},
      {"excerpt",
       Kind::record,
       "the bytes a fact stands on, for people",
       {text("id", "stable"), text("tbl", "table of the fact"), text("fact", "id of the fact"),
        integer("at", "byte offset of the first byte"),
        text("hex", "at most 64 bytes; secret ones are 00 and listed in hidden"),
        integer("mark_from", "first byte that matters"), integer("mark_size", "how many"),
        text("hidden", "ranges that are secret: from+size, comma-separated"), text("note", "what the bytes mean")}},
      {"meta", Kind::record, "what the database says of itself", {text("id", "name"), text("value", "")}},
  };
  for (Table& t : claim_tables()) all.push_back(std::move(t));
  return all;
}

}  // namespace

std::optional<std::size_t> Table::column(string_view wanted) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == wanted) return i;
  return std::nullopt;
}

const std::vector<Table>& tables() {
  static const std::vector<Table> all = make();
  return all;
}

const Table* find_table(string_view name) {
  for (const Table& t : tables())
    if (t.name == name) return &t;
  return nullptr;
}

}  // namespace assay::evidence
