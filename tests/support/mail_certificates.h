// A certificate authority for tests, made anew each time, and certificates of its making.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace support {

// PEM.
struct Certificate {
  std::string certificate;
  std::string key;
};

class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "Test authority") : key_(EVP_EC_gen("P-256")) {
    own_ = make(name, "CA:TRUE", "", -60, 3600, key_.get());
  }

  // What a client has to trust.
  std::string pem() const {
    return pem_of([this](BIO* out) { PEM_write_bio_X509(out, own_.get()); });
  }

  // `names`: as openssl writes it, "DNS:localhost,IP:127.0.0.1". Valid from and until so many seconds
  // after now.
  Certificate issue(const std::string& names, long from = -60, long until = 3600) const {
    const Key key(EVP_EC_gen("P-256"));
    const X509Pointer made = make("Test server", "CA:FALSE", names, from, until, key.get());
    return {pem_of([&made](BIO* out) { PEM_write_bio_X509(out, made.get()); }), pem_of([&key](BIO* out) {
              PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using X509Pointer = std::unique_ptr<X509, Free>;

  static void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL made no certificate");
  }

  template <class Write>
  static std::string pem_of(Write write) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    write(bio.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    require(size > 0);
    return {data, static_cast<std::size_t>(size)};
  }

  static void add(X509* to, int kind, const std::string& value) {
    if (value.empty()) return;
    const std::unique_ptr<X509_EXTENSION, Free> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    require(extension && X509_add_ext(to, extension.get(), -1) == 1);
  }

  // Signed by the authority; by itself while that has no certificate yet.
  X509Pointer make(const std::string& name, const std::string& constraint, const std::string& names,
                   long from, long until, EVP_PKEY* key) const {
    X509Pointer made(X509_new());
    require(made && key_);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), std::rand());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
    X509_set_pubkey(made.get(), key);
    X509_NAME* const subject = X509_get_subject_name(made.get());
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1);
    X509_set_issuer_name(made.get(), own_ ? X509_get_subject_name(own_.get()) : subject);
    add(made.get(), NID_basic_constraints, constraint);
    add(made.get(), NID_subject_alt_name, names);
    require(X509_sign(made.get(), key_.get(), EVP_sha256()) > 0);
    return made;
  }

  Key key_;
  X509Pointer own_;
};

// A folder that is gone at the end of the test.
class MailFolder {
 public:
  MailFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fridayd-mail-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~MailFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  MailFolder(const MailFolder&) = delete;
  MailFolder& operator=(const MailFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path put(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << bytes;
    std::filesystem::permissions(file,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace support
