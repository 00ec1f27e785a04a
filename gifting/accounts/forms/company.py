"""What a company's managers send about its invoicing."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from gifting.accounts.forms import CompanyFields
from gifting.accounts.models import Company
from gifting.accounts.service.company import InvoicingDetails


class InvoicingForm(FlaskForm, CompanyFields):
    """The fields of a new company but for those that say which company it is."""

    vat_number = None
    tax_code = None
    name = None
    version = IntegerField(widget=HiddenInput())

    @classmethod
    def of(cls, company: Company) -> "InvoicingForm":
        """Return the form as the company stands, or as the browser sent it."""
        by = "sdi" if company.sdi_code else "pec" if company.pec else "later"
        return cls(obj=company, invoice_by=by)

    def invoicing(self) -> InvoicingDetails:
        """Return what was checked."""
        chosen = self.invoice_by.data
        return InvoicingDetails(
            sdi_code=self.sdi_code.data if chosen == "sdi" else "",
            pec=self.pec.data if chosen == "pec" else "",
            street=self.street.data,
            cap=self.cap.data,
            city=self.city.data,
            province=self.province.data,
        )
